"""What targets can name."""

TEXT = [("Content-Type", "text/plain")]


def application(environ, start_response):
    start_response("200 OK", TEXT)
    return [b"application"]


def create_app(name, debug=False):
    def made(environ, start_response):
        start_response("200 OK", TEXT)
        return [f"{name} {debug}".encode()]

    return made


def needs_two(one, two):
    return application


def fails():
    raise ValueError("factory broken on purpose")


class holder:
    inner = staticmethod(application)


nothing = None
number = 3


async def asynchronous(scope, receive, send):
    pass
