# From nothing to an answer, by pip.
python3 -m venv venv
venv/bin/pip install --quiet flask gunicorn-ts
cat >hello.py <<'PYTHON'
from flask import Flask

app = Flask(__name__)


@app.get("/")
def hello():
    return "Hello\n"
PYTHON
venv/bin/gunicorn --workers 2 hello:app &

# A server that did not start ends this.
until curl --silent --fail "http://127.0.0.1:$PORT/"; do kill -0 $!; sleep 0.2; done
# All workers are ready.
until venv/bin/gunicorn status; do kill -0 $!; sleep 0.2; done
venv/bin/gunicorn stop
wait
