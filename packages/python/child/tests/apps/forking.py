"""An application that forks inside a request, in each way that one meets. `/status` tells how the child ended."""

import atexit
import ctypes
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time

TEXT = [("Content-Type", "text/plain")]
children = []
home = os.getpid()


def at_exit():
    if os.getpid() != home:
        os.write(2, b"at exit of a child\n")


atexit.register(at_exit)


def app(environ, start_response):
    found = globals()[environ["PATH_INFO"].strip("/")](environ)
    start_response("200 OK", TEXT)
    # Not a list: the child comes to know of the lane in the middle of a response.
    return iter([found.encode(), b"."]) if environ["QUERY_STRING"] == "parts" else [found.encode()]


def hello(environ):
    return environ["QUERY_STRING"]


def status(environ):
    """`exited 3`, `killed 15`."""
    pid, found, word = children.pop(), 0, 0
    while found != pid:
        # gevent's blocking wait misses a child that it has reaped by then.
        found, word = os.waitpid(pid, os.WNOHANG)
        time.sleep(0.005)
    return f"killed {os.WTERMSIG(word)}" if os.WIFSIGNALED(word) else f"exited {os.WEXITSTATUS(word)}"


def fork():
    pid = os.fork()
    if pid:
        children.append(pid)
    return pid == 0


def returns(environ):
    return "child" if fork() else "parent"


def exits(environ):
    if fork():
        sys.exit(3)
    return "parent"


def exits_silently(environ):
    if fork():
        sys.exit()
    return "parent"


def dies_first(environ):
    """The child has ended before `fork` returns."""
    os.register_at_fork(after_in_parent=lambda: os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT))
    if fork():
        os._exit(5)
    return "parent"


def last_word(environ):
    if fork():
        sys.exit("the last word")
    return "parent"


def raises(environ):
    if fork():
        raise ValueError("in the child")
    return "parent"


def reads(environ):
    if fork():
        environ["wsgi.errors"].write("a line of the child\n")
        environ["wsgi.input"].read()
        environ["wsgi.early_hints"]([("Link", "</child>")])
        return "child"
    return "parent"


def executes(environ):
    if fork():
        os.execv(sys.executable, [sys.executable, "-c", "import os; print(sorted(map(int, os.listdir('/proc/self/fd')))[3:])"])
    return "parent"


def twice(environ):
    if fork():
        if os.fork():
            os._exit(4)
        time.sleep(0.1)
        return "grandchild"
    return "parent"


def in_a_thread(environ):
    def work():
        if fork():
            os.kill(os.getpid(), signal.SIGTERM)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    return "parent"


def terminates(environ):
    """The helper of a naive background job, and how it is told to stop."""
    process = multiprocessing.get_context("fork").Process(target=time.sleep, args=(60,))
    process.start()
    process.terminate()
    return str(end_of(process))


def end_of(process):
    """Under gevent its pipe is closed before its end is known."""
    until = time.monotonic() + 30
    while process.exitcode is None and time.monotonic() < until:
        process.join(0.01)
    return process.exitcode


def works(environ):
    queue = multiprocessing.get_context("fork").SimpleQueue()
    process = multiprocessing.get_context("fork").Process(target=lambda: queue.put(os.getppid()))
    process.start()
    is_ours = queue.get() == os.getpid()
    return f"{is_ours} {end_of(process)}"


def dispositions(environ):
    """Of the signals that the server handles, in a child."""
    read, write = os.pipe()
    if fork():
        names = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1")
        found = [signal.getsignal(getattr(signal, name)) for name in names]
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, [])
        wakeup = signal.set_wakeup_fd(-1)
        is_default = [one in (signal.SIG_DFL, signal.default_int_handler) for one in found]
        os.write(write, f"{all(is_default)} {len(mask)} {wakeup}".encode())
        # Not of Python: faulthandler has it.
        os.kill(os.getpid(), signal.SIGUSR2)
        time.sleep(60)
    os.close(write)
    return os.read(read, 100).decode()


def prepared(environ):
    code = "import signal; print(signal.getsignal(signal.SIGTERM) is signal.SIG_DFL)"
    run = subprocess.run([sys.executable, "-c", code], preexec_fn=lambda: None, stdout=subprocess.PIPE, text=True)
    return run.stdout.strip()


def behind_python(environ):
    """Of which Python knows nothing: both processes answer."""
    pid = ctypes.CDLL(None).fork()
    if pid == 0:
        time.sleep(0.2)
    return environ["QUERY_STRING"]


def lanes(environ):
    """Descriptors of stream sockets."""
    found = []
    for name in os.listdir("/proc/self/fd"):
        try:
            if os.readlink(f"/proc/self/fd/{name}").startswith("socket:"):
                found.append(int(name))
        except OSError:
            pass
    return sorted(found)


def garbage(environ):
    for fd in lanes(environ):
        os.write(fd, b"HTTP/1.1 200 OK\r\n\r\nnot a frame, and long enough to look like one\r\n")
    return "unseen"


def close_fds(environ):
    for fd in lanes(environ):
        os.close(fd)
    return "unseen"
