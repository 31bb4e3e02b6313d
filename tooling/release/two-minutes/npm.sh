# From nothing to an answer, by npm.
npm init --yes >/dev/null
npm pkg set type=module
echo "export default (request, response) => response.end('Hello\n');" >app.js
npm install gunicorn-ts
npx gunicorn --workers 2 app.js &

until curl --silent --fail "http://127.0.0.1:$PORT/"; do sleep 0.2; done
npx gunicorn status
npx gunicorn stop
wait
