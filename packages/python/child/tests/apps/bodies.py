"""Applications that read a request body, each in its way; the referee watches."""

import hashlib
from wsgiref.validate import validator

TEXT = [("Content-Type", "text/plain")]


def whole(stream):
    return stream.read(1 << 30)


def blocks(stream):
    return b"|".join(iter(lambda: stream.read(4), b""))


def lines(stream):
    return b"|".join(iter(stream.readline, b""))


def all_lines(stream):
    return b"|".join(stream.readlines())


def iterated(stream):
    return b"|".join(stream)


def mixed(stream):
    first = stream.readline()
    return b"|".join([first, stream.read(2), *stream.readlines()])


def untouched(stream):
    return b"nothing read"


def digest(stream):
    sha = hashlib.sha256()
    for block in iter(lambda: stream.read(65536), b""):
        sha.update(block)
    return sha.hexdigest().encode()


@validator
def app(environ, start_response):
    reader = globals()[environ["PATH_INFO"].strip("/")]
    data = reader(environ["wsgi.input"])
    start_response("200 OK", TEXT)
    return [data]


def bare(environ, start_response):
    """Without the referee, which forbids them: sizes that are not given, and limits for lines."""
    stream = environ["wsgi.input"]
    name = environ["PATH_INFO"].strip("/")
    if name == "read":
        data = stream.read()
    elif name == "limited":
        data = b"|".join(iter(lambda: stream.readline(3), b""))
    elif name == "some-lines":
        data = b"|".join(stream.readlines(1))
    else:
        try:
            data = stream.read()
        except OSError as error:
            data = type(error).__name__.encode()
            if name == "unread":
                raise
    start_response("200 OK", TEXT)
    return [data]
