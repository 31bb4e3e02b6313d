"""Forks while it is imported, or made: the child comes back to the server."""

import os

child = 0


def start():
    global child
    child = os.fork()


def app(environ, start_response):
    start_response("200 OK", [])
    _, word = os.waitpid(child, 0)
    return [f"exited {os.WEXITSTATUS(word)}".encode()]


def make():
    return app


start()
