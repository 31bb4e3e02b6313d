"""WSGI in ten lines (PEP 3333)."""


def app(environ, start_response):
    path = environ["PATH_INFO"].encode("latin-1").decode()
    body = f"{environ['REQUEST_METHOD']} {path}\n".encode()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
