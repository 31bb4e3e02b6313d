"""What the tests of this folder serve: each path shows one thing."""

import ctypes
import os
import sys
import threading
import time


def application(environ, start_response):
    handler = PATHS.get(environ["PATH_INFO"], hello)
    return handler(environ, start_response)


def create_app(name, greeting="Hello"):
    def made(environ, start_response):
        return text(start_response, f"{greeting}, {name}")

    return made


def text(start_response, body, status="200 OK"):
    start_response(status, [("Content-Type", "text/plain")])
    return [body.encode()]


def hello(environ, start_response):
    return text(start_response, "hello")


def pid(environ, start_response):
    return text(start_response, str(os.getpid()))


def modes(environ, start_response):
    names = ("wsgi.multithread", "wsgi.multiprocess", "wsgi.run_once")
    return text(start_response, " ".join(str(environ[name]) for name in names))


def show(environ, start_response):
    strings = {name: value for name, value in environ.items() if isinstance(value, str)}
    return text(start_response, "\n".join(f"{name}={strings[name]}" for name in sorted(strings)))


def echo(environ, start_response):
    data = environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "application/octet-stream"), ("Content-Length", str(len(data)))])
    return [data]


def count(environ, start_response):
    total = 0
    while True:
        data = environ["wsgi.input"].read(65536)
        if not data:
            return text(start_response, str(total))
        total += len(data)


def ignore(environ, start_response):
    return text(start_response, "not read")


def stream(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return (b"x" * 65536 for _ in range(int(environ["QUERY_STRING"])))


def file(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return environ["wsgi.file_wrapper"](open(environ["QUERY_STRING"], "rb"))


def fail(environ, start_response):
    raise ValueError("no such luck")


def fail_late(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    yield b"begun"
    raise ValueError("too late")


def leave(environ, start_response):
    os._exit(7)


def crash(environ, start_response):
    ctypes.string_at(0)


def sleep(environ, start_response):
    sys.stderr.write(f"sleeps in {os.getpid()}\n")
    time.sleep(float(environ["QUERY_STRING"]))
    return text(start_response, "slept")


def hang(environ, start_response):
    print("hangs", file=sys.stderr, flush=True)
    wait_for_something_that_never_comes()


def wait_for_something_that_never_comes():
    threading.Event().wait()


def empty(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [] if environ["QUERY_STRING"] == "list" else iter([])


def grow(environ, start_response):
    grown.append(b"x" * (150 << 20))
    return text(start_response, "grown")


grown = []


def answer(environ, start_response):
    return text(start_response, environ["QUERY_STRING"])


def fork_and_exit(environ, start_response):
    if os.fork() == 0:
        time.sleep(0.1)
        sys.exit(0)
    return text(start_response, "forked")


def fork_and_return(environ, start_response):
    if os.fork() == 0:
        time.sleep(0.1)
        return text(start_response, "of the child")
    return text(start_response, "forked")


def fork_behind_python(environ, start_response):
    if ctypes.CDLL(None).fork() == 0:
        time.sleep(0.1)
        return text(start_response, "of the child")
    return text(start_response, "forked")


def socket_numbers():
    found = []
    for name in os.listdir("/proc/self/fd"):
        try:
            if os.readlink(f"/proc/self/fd/{name}").startswith("socket:"):
                found.append(int(name))
        except OSError:
            pass
    return found


def write_garbage(environ, start_response):
    for number in socket_numbers():
        os.write(number, b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nodd")
    return text(start_response, "written")


def close_files(environ, start_response):
    for number in socket_numbers():
        os.close(number)
    return text(start_response, "closed")


def exit_in_view(environ, start_response):
    sys.exit(2)


def complain(environ, start_response):
    environ["wsgi.errors"].write("something is odd\n")
    return text(start_response, "complained")


def complain_later(environ, start_response):
    errors = environ["wsgi.errors"]
    threading.Timer(0.3, lambda: errors.write("something was odd\n")).start()
    return text(start_response, "patience")


def bad_status(environ, start_response):
    start_response("no status", [("Content-Type", "text/plain")])
    return iter([b"one", b"two"])


PATHS = {
    f"/{handler.__name__}": handler
    for handler in (
        pid, modes, show, echo, count, ignore, stream, file, fail, fail_late, leave, crash, sleep, hang, complain, complain_later,
        bad_status, answer, empty, grow, fork_and_exit, fork_and_return, fork_behind_python, write_garbage, close_files, exit_in_view,
    )
}
