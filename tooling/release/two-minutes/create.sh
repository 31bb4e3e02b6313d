# From nothing to an answer, by npm create.
npm create --yes gunicorn-ts@latest my-app -- --template hono
cd my-app
npm install
npm run dev &

# A server that did not start ends this.
until curl --silent --fail "http://127.0.0.1:$PORT/"; do kill -0 $!; sleep 0.2; done
# All workers are ready.
until npx gunicorn status; do kill -0 $!; sleep 0.2; done
npx gunicorn stop
wait
