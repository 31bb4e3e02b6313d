"""A gunicorn.conf.py whose hooks leave a trace in the log."""

workers = 2
secret = "from the file"


def note(worker, text):
    worker.log.info("hook %s", text)


def post_fork(server, worker):
    note(worker, f"post_fork {secret} {worker.pid > 0}")


def post_worker_init(worker):
    note(worker, "post_worker_init")


def pre_request(worker, req):
    note(worker, f"pre_request {req.method} {req.path} {dict(req.headers)['HOST']}")


def post_request(worker, req, environ, resp):
    note(worker, f"post_request {req.uri} {resp.status} {worker.nr}")


def worker_int(worker):
    note(worker, "worker_int")


def worker_abort(worker):
    note(worker, "worker_abort")


def worker_exit(server, worker):
    note(worker, "worker_exit")
