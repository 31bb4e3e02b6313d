"""An application that has something to do at its end."""

import atexit
import os
import threading
import time

atexit.register(lambda: os.write(2, b"at exit\n"))


def app(environ, start_response):
    if environ["PATH_INFO"] == "/hang":
        time.sleep(300)
    if environ["PATH_INFO"] == "/without_limit":
        from gunicorn_ts import ending

        ending.LIMIT_SECONDS = 300.0
    if environ["PATH_INFO"] == "/thread":
        threading.Thread(target=time.sleep, args=(300,), daemon=False).start()
    start_response("200 OK", [])
    return [b"ok"]
