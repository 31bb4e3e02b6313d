"""Shows what a server makes of a request, and gives every kind of response. Runs under any WSGI server."""

import json
import sys
import tempfile

TEXT = [("Content-Type", "text/plain")]


def app(environ, start_response):
    name = environ["PATH_INFO"].strip("/").split("/")[0] or "environ"
    return globals().get(name, environ_dump)(environ, start_response)


def environ_dump(environ, start_response):
    shown = {key: show(value) for key, value in sorted(environ.items())}
    body = json.dumps(shown, indent=1).encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]


def show(value):
    if isinstance(value, (str, bool, tuple)):
        return value
    return "callable" if callable(value) else "object"


environ = environ_dump


def echo(environ, start_response):
    data = environ["wsgi.input"].read()
    start_response("200 OK", [*TEXT, ("Content-Length", str(len(data)))])
    return [data]


def blocks(environ, start_response):
    stream = environ["wsgi.input"]
    data = b"|".join([stream.read(3), stream.readline(), stream.readline(2), *stream.readlines()])
    start_response("200 OK", TEXT)
    return [data, b"|", stream.read(), stream.readline()]


def unread(environ, start_response):
    start_response("200 OK", [*TEXT, ("Content-Length", "2")])
    return [b"ok"]


def status(environ, start_response):
    start_response(environ["QUERY_STRING"].replace("+", " "), [("X-A", "1")])
    return []


def bodiless(environ, start_response):
    start_response(environ["QUERY_STRING"].replace("+", " "), TEXT)
    return [b"not to be sent"]


def headers(environ, start_response):
    pairs = [*TEXT, ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("X-Empty", ""), ("x-lower", "v"), ("X-Latin", "caf\xe9")]
    start_response("200 OK", pairs)
    return [b"ok"]


def own_date(environ, start_response):
    start_response("200 OK", [*TEXT, ("Date", "Thu, 01 Jan 1970 00:00:00 GMT"), ("Content-Length", "2")])
    return [b"ok"]


def own_server(environ, start_response):
    start_response("200 OK", [*TEXT, ("Server", "mine"), ("Content-Length", "2")])
    return [b"ok"]


def hop(environ, start_response):
    start_response("200 OK", [*TEXT, ("Keep-Alive", "timeout=9"), ("Content-Length", "2")])
    return [b"ok"]


def own_chunks(environ, start_response):
    start_response("200 OK", [*TEXT, ("Transfer-Encoding", "chunked")])
    return [b"ok"]


def split(environ, start_response):
    start_response("200 OK", [("X-Bad", "a\r\nX-Evil: b")])
    return [b"ok"]


def bad_name(environ, start_response):
    start_response("200 OK", [("X Bad", "a")])
    return [b"ok"]


def unencodable(environ, start_response):
    start_response("200 OK", [("X-Bad", "\u20ac")])
    return [b"ok"]


def generator(environ, start_response):
    start_response("200 OK", TEXT)
    yield b"one"
    yield b""
    yield b"two"


def listed(environ, start_response):
    start_response("200 OK", TEXT)
    return [b"one", b"", b"two"]


def nothing(environ, start_response):
    start_response("200 OK", TEXT)
    return []


def write(environ, start_response):
    send = start_response("200 OK", TEXT)
    send(b"one")
    return [b"two"]


def longer(environ, start_response):
    start_response("200 OK", [*TEXT, ("Content-Length", "3")])
    return [b"abc", b"def"]


def shorter(environ, start_response):
    start_response("200 OK", [*TEXT, ("Content-Length", "9")])
    return [b"abc"]


def file(environ, start_response):
    source = tempfile.TemporaryFile()
    source.write(b"0123456789" * 1000)
    source.seek(5)
    start_response("200 OK", TEXT)
    return environ["wsgi.file_wrapper"](source)


def fails(environ, start_response):
    raise RuntimeError("broken on purpose")


def fails_late(environ, start_response):
    start_response("200 OK", TEXT)
    yield b"begun"
    raise RuntimeError("broken on purpose")


def no_start(environ, start_response):
    return [b"body"]


def text(environ, start_response):
    start_response("200 OK", TEXT)
    return ["text"]


def twice(environ, start_response):
    start_response("200 OK", TEXT)
    start_response("201 Created", TEXT)
    return [b"ok"]


def replaced(environ, start_response):
    start_response("200 OK", TEXT)
    try:
        raise KeyError("x")
    except KeyError:
        start_response("503 Later", TEXT, sys.exc_info())
    return [b"replaced"]


def hints(environ, start_response):
    if "wsgi.early_hints" in environ:
        environ["wsgi.early_hints"]([("Link", "</a.css>; rel=preload")])
    start_response("200 OK", [*TEXT, ("Content-Length", "2")])
    return [b"ok"]
