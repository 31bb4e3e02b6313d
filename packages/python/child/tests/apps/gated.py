"""An application that is not imported before somebody opens its gate, a named pipe."""

import atexit
import os

atexit.register(lambda: os.write(2, b"at exit\n"))
with open(os.environ["GATE"]) as gate:
    gate.read()


def app(environ, start_response):
    start_response("200 OK", [])
    return [b"ok"]
