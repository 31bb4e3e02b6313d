# From nothing to an answer, by npm.
npm init --yes >/dev/null
npm pkg set type=module
cat >app.js <<'JS'
export default (request, response) => response.end('Hello\n');
JS
npm install gunicorn-ts
npx gunicorn --workers 2 app.js &

# A server that did not start ends this.
until curl --silent --fail "http://127.0.0.1:$PORT/"; do kill -0 $!; sleep 0.2; done
# All workers are ready.
until npx gunicorn status; do kill -0 $!; sleep 0.2; done
npx gunicorn stop
wait
