import time

try:
    # gevent's own would let other requests go on, which no computation does.
    from gevent.monkey import get_original

    sleep = get_original("time", "sleep")
except ImportError:
    sleep = time.sleep


def application(environ, start_response):
    if environ["PATH_INFO"] == "/block":
        sleep(0.2)
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "14")])
    return [b"Hello, world!\n"]
