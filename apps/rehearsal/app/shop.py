import asyncio
import os
import time

BODY = f"{os.getpid()}\n".encode()
HEAD = [("content-type", "text/plain"), ("content-length", str(len(BODY)))]


def wsgi(environ, start_response):
    time.sleep(0.03)
    start_response("200 OK", HEAD)
    return [BODY]


async def asgi(scope, receive, send):
    if scope["type"] != "http":
        return
    await asyncio.sleep(0.03)
    headers = [(name.encode(), value.encode()) for name, value in HEAD]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": BODY})
