"""Knows which process loaded it."""

import os

loader = os.getpid()


def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"loaded by {loader}".encode()]
