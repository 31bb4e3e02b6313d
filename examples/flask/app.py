"""Flask, with what differs between servers: streaming, an upload, and the server's log."""

import logging

from flask import Flask, Response, request

app = Flask(__name__)
# The lines of the application go where the server's go.
app.logger.handlers = logging.getLogger("gunicorn.error").handlers
app.logger.setLevel(logging.INFO)


@app.get("/")
def index() -> str:
    app.logger.info("hello to %s", request.remote_addr)
    return f"Hello from {request.url}\n"


@app.get("/stream")
def stream() -> Response:
    return Response((f"line {number}\n" for number in range(3)), mimetype="text/plain")


@app.post("/upload")
def upload() -> "dict[str, object]":
    file = request.files["file"]
    return {"name": file.filename, "size": len(file.read())}


def create_app(name: str = "world") -> Flask:
    """gunicorn 'app:create_app("you")'"""
    made = Flask(__name__)
    made.add_url_rule("/", view_func=lambda: f"Hello, {name}!\n", endpoint="hello")
    return made
