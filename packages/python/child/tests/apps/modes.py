"""Applications that show how requests share a process, and what the process is like."""

import os
import signal
import socket
import sys
import threading
import time

TEXT = [("Content-Type", "text/plain")]
barrier = threading.Barrier(2, timeout=10)


def app(environ, start_response):
    found = globals()[environ["PATH_INFO"].strip("/")](environ)
    start_response("200 OK", TEXT)
    return [found.encode()]


def meet(environ):
    """Answers only when two requests are inside at once."""
    barrier.wait()
    return f"met {environ['wsgi.multithread']}"


def meet_sleeping(environ):
    time.sleep(0.2)
    return f"slept {socket.socket.__module__.split('.')[0]}"


def thread(environ):
    return "main" if threading.current_thread() is threading.main_thread() else "other"


def process(environ):
    return " ".join([sys.argv[0], str("GUNICORN_TS_CHILD" in os.environ), os.getcwd(), str(sys.path.count("."))])


def hang(environ):
    time.sleep(60)


def names(environ):
    return ",".join(sorted(name for name in sys.modules if name.startswith("gunicorn")))


def import_more(environ):
    import imported_later

    return imported_later.__name__


def inherited(environ):
    import subprocess

    code = "import signal; print(signal.getsignal(signal.SIGTERM) is signal.SIG_DFL)"
    return subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True).stdout.strip()


def spawned(environ):
    import multiprocessing

    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return str(pool.apply(len, ("four",)))


def term_self(environ):
    os.kill(os.getpid(), signal.SIGTERM)
    return "alive"
