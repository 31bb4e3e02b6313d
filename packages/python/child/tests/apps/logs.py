"""Writes to loggers as applications do."""

import logging


def app(environ, start_response):
    logging.getLogger("gunicorn.error").warning("to the server %d", 1)
    logging.getLogger("myapp").error("to my own")
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"logged"]
