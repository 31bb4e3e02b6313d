"""The Python side of a worker: requests come in as frames, go through a WSGI application, and leave as frames."""
