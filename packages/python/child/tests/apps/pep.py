"""Applications that use each right that PEP 3333 gives them; `checked` puts wsgiref's referee in front."""

import io
import os
import tempfile
import time
from wsgiref.validate import validator

TEXT = [("Content-Type", "text/plain")]
closed = []


class Parts:
    """A response that tells whether it was closed."""

    def __init__(self, parts, name="parts"):
        self.parts = parts
        self.name = name

    def __iter__(self):
        return iter(self.parts)

    def close(self):
        closed.append(self.name)


def hello(environ, start_response):
    start_response("200 OK", [*TEXT, ("Content-Length", "6")])
    return [b"hello\n"]


def dump(environ, start_response):
    lines = [f"{key}={type(value).__name__}:{value!r}" for key, value in sorted(environ.items())]
    start_response("200 OK", TEXT)
    return ["\n".join(lines).encode()]


def was_closed(environ, start_response):
    start_response("200 OK", TEXT)
    names = ",".join(closed)
    closed.clear()
    return [names.encode()]


def generator(environ, start_response):
    def parts():
        start_response("200 OK", TEXT)
        yield b""
        yield b"a"
        yield b"b"

    return Parts(parts(), "generator")


def sized(environ, start_response):
    start_response("200 OK", [*TEXT, ("Content-Length", "3")])
    return iter([b"abc"])


def listed(environ, start_response):
    start_response("200 OK", TEXT)
    return [b"a", b"", b"bc"]


def empty(environ, start_response):
    start_response("204 No Content", [])
    return []


def late(environ, start_response):
    start_response("200 OK", TEXT)
    yield b"first"
    while not os.path.exists(environ["HTTP_X_FLAG"]):
        time.sleep(0.005)
    yield b"second"


def write(environ, start_response):
    send = start_response("200 OK", TEXT)
    send(b"one")
    send(b"two")
    return [b"three"]


def replaced(environ, start_response):
    start_response("200 OK", TEXT)
    try:
        raise KeyError("lost")
    except KeyError:
        import sys

        start_response("500 Oh", TEXT, sys.exc_info())
    return [b"replaced"]


def replaced_too_late(environ, start_response):
    start_response("200 OK", TEXT)
    yield b"begun"
    try:
        raise KeyError("lost")
    except KeyError:
        import sys

        start_response("500 Oh", TEXT, sys.exc_info())
    yield b"never"


def twice(environ, start_response):
    start_response("200 OK", TEXT)
    start_response("200 OK", TEXT)
    return [b""]


def fails(environ, start_response):
    raise RuntimeError("broken on purpose")


def fails_while_iterating(environ, start_response):
    start_response("200 OK", TEXT)

    def parts():
        yield b"begun"
        raise RuntimeError("broken in the middle")

    return Parts(parts(), "failed")


def fails_in_close(environ, start_response):
    class Bad(Parts):
        def close(self):
            raise RuntimeError("broken close")

    start_response("200 OK", TEXT)
    return Bad([b"whole"])


def no_start(environ, start_response):
    return [b"body"]


def text_body(environ, start_response):
    start_response("200 OK", TEXT)
    return ["text"]


def split_header(environ, start_response):
    start_response("200 OK", [("X-Bad", "a\r\nSet-Cookie: b")])
    return [b""]


def unencodable(environ, start_response):
    start_response("200 OK", [("X-Bad", "\u20ac")])
    return [b""]


def latin(environ, start_response):
    start_response("200 Très bien", [*TEXT, ("X-Name", environ["HTTP_X_NAME"])])
    return [environ["PATH_INFO"].encode("latin-1")]


def errors(environ, start_response):
    stream = environ["wsgi.errors"]
    stream.write("half ")
    stream.write("a line\n")
    stream.writelines(["one\n", "two\n"])
    stream.write("flushed")
    stream.flush()
    start_response("200 OK", TEXT)
    return [b"ok"]


def hints(environ, start_response):
    environ["wsgi.early_hints"]([("Link", "</a.css>; rel=preload")])
    environ["wsgi.early_hints"]([("Link", "</b.js>; rel=preload"), ("X-A", "1")])
    start_response("200 OK", TEXT)
    return [b"ok"]


def make_file(size):
    file = tempfile.TemporaryFile()
    file.write(bytes(range(256)) * (size // 256))
    file.seek(0)
    return file


def file(environ, start_response):
    size = int(environ["QUERY_STRING"])
    source = make_file(size)
    source.read(3)
    start_response("200 OK", [*TEXT, ("Content-Length", str(size - 3))])
    return environ["wsgi.file_wrapper"](source, 4096)


def part_of_file(environ, start_response):
    start_response("200 OK", [*TEXT, ("Content-Length", "100000")])
    return environ["wsgi.file_wrapper"](make_file(1 << 20))


def memory_file(environ, start_response):
    start_response("200 OK", TEXT)
    return environ["wsgi.file_wrapper"](io.BytesIO(b"abc" * 5), 4)


def gzip_file(environ, start_response):
    import gzip

    packed = tempfile.TemporaryFile()
    packed.write(gzip.compress(b"unpacked" * 3))
    packed.seek(0)
    start_response("200 OK", TEXT)
    return environ["wsgi.file_wrapper"](gzip.GzipFile(fileobj=packed))


def big(environ, start_response):
    start_response("200 OK", TEXT)
    return [b"x" * 3_000_000]


def endless(environ, start_response):
    start_response("200 OK", TEXT)

    def parts():
        while True:
            yield b"x" * 1000

    return Parts(parts(), "endless")


def leaves(environ, start_response):
    raise SystemExit(7)


def interrupted(environ, start_response):
    raise KeyboardInterrupt


class Odd(BaseException):
    pass


def odd(environ, start_response):
    raise Odd


def dies(environ, start_response):
    os._exit(9)


REFEREED = {
    name: validator(one)
    for name, one in globals().copy().items()
    if name in ("hello", "generator", "sized", "write", "replaced", "errors", "memory_file", "big")
}


def app(environ, start_response):
    """The application that the path names: behind the referee when it keeps all rules."""
    name = environ["PATH_INFO"].strip("/")
    found = REFEREED.get(name) or globals()[name]
    return found(environ, start_response)


def any_path(environ, start_response):
    return latin(environ, start_response)
