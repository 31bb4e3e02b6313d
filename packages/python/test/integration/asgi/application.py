"""An ASGI application without a framework: each path shows one thing. Exceptions out of `send` are collected in `caught`."""

import asyncio
import json
import os
import sys
import time

calls = []
background = []
caught = []


def text_of(value):
    if isinstance(value, bytes):
        return value.decode("latin-1")
    if isinstance(value, dict):
        return {key: text_of(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [text_of(one) for one in value]
    return value


async def body_of(receive):
    parts, sizes = [], []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b"".join(parts), sizes, message["type"]
        parts.append(message["body"])
        sizes.append(len(message["body"]))
        if not message["more_body"]:
            return b"".join(parts), sizes, "whole"


async def answer(send, body, status=200, headers=()):
    if isinstance(body, str):
        body = body.encode()
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()
        scope["state"]["list"] = []
        scope["state"]["name"] = "shared"
        await send({"type": "lifespan.startup.complete"})
        await receive()
        print("lifespan is over", ",".join(background), flush=True)
        await send({"type": "lifespan.shutdown.complete"})
        return
    name = scope["path"].rsplit("/", 1)[-1]
    if scope["type"] == "websocket":
        calls.append((await receive())["type"])
        return await SOCKETS[name](scope, receive, send)
    handler = HANDLERS.get(name)
    if handler is None:
        await answer(send, json.dumps(text_of(dict(scope, headers=list(scope["headers"])))))
    else:
        await handler(scope, receive, send)


async def mutate(scope, receive, send):
    found = [len(scope["asgi"]), scope["state"].get("mine"), len(scope["state"]["list"]), len(scope["headers"])]
    scope["asgi"]["more"] = 1
    scope["state"]["mine"] = "mine"
    scope["state"]["list"].append(1)
    scope["headers"].append((b"x", b"y"))
    await answer(send, json.dumps(found))


async def echo(scope, receive, send):
    body, _, end = await body_of(receive)
    await answer(send, body, headers=[(b"x-end", end.encode())])


async def sizes(scope, receive, send):
    body, all_sizes, end = await body_of(receive)
    await answer(send, json.dumps([len(body), max(all_sizes), end]))


async def early(scope, receive, send):
    await answer(send, "early")


async def after_body(scope, receive, send):
    """What `receive` gives behind the body, once the response is complete."""
    await body_of(receive)
    waiting = asyncio.ensure_future(receive())
    await asyncio.sleep(0.05)
    calls.append("waits" if not waiting.done() else "does not wait")
    await answer(send, "done")
    calls.append((await waiting)["type"])
    calls.append((await receive())["type"])


async def until_gone(scope, receive, send):
    await body_of(receive)
    started = asyncio.get_running_loop().time()
    message = await receive()
    print("gone:", message["type"], asyncio.get_running_loop().time() - started < 60, flush=True)
    await answer(send, "nobody")


async def slow(scope, receive, send):
    await asyncio.sleep(0.2)
    await answer(send, "slow")


async def stream(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    for number in range(3):
        await send({"type": "http.response.body", "body": b"part %d\n" % number, "more_body": True})
        await until(lambda: f"go {number}" in calls)
    await send({"type": "http.response.body", "body": b""})


async def head_first(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": [(b"x-first", b"1")]})
    await until(lambda: "go on" in calls)
    await send({"type": "http.response.body", "body": b"late"})


async def until(condition):
    while not condition():
        await asyncio.sleep(0.005)


async def say(scope, receive, send):
    calls.append((await body_of(receive))[0].decode())
    await answer(send, "ok")


async def told(scope, receive, send):
    found = list(calls)
    calls.clear()
    await answer(send, json.dumps(found))


async def errors(scope, receive, send):
    found = list(caught)
    caught.clear()
    await answer(send, json.dumps(found))


async def endless(scope, receive, send):
    """Only sends, and looks at nothing."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    try:
        while True:
            await send({"type": "http.response.body", "body": b"x" * 100, "more_body": True})
            await asyncio.sleep(0.01)
    finally:
        print("the endless stream has ended", flush=True)


async def flood(scope, receive, send):
    """As fast as it is let: the sizes that were sent are told at the end of the client."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    sent = 0
    try:
        while True:
            await send({"type": "http.response.body", "body": b"x" * 65536, "more_body": True})
            sent += 65536
            calls[:] = [str(sent)]
    finally:
        print("flood over", flush=True)


async def work_behind(scope, receive, send):
    await answer(send, "answered")
    await asyncio.sleep(0.5)
    background.append("done")
    print("background work is done", flush=True)


async def works_for_ever(scope, receive, send):
    await answer(send, "answered")
    while True:
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            print("cancelled behind the response", flush=True)


async def attempt(send, message):
    try:
        await send(message)
    except Exception as error:
        caught.append(f"{type(error).__name__}: {error}")


async def out_of_order(scope, receive, send):
    await attempt(send, {"type": "http.response.body", "body": b"x"})
    await attempt(send, {"type": "http.response.sing"})
    await attempt(send, {"type": "http.response.start"})
    await attempt(send, {"type": "http.response.start", "status": "200"})
    await attempt(send, {"type": "http.response.start", "status": 200, "headers": [(b"x", "text")]})
    await attempt(send, {"type": "http.response.start", "status": 200, "headers": [("x", b"text")]})
    await send({"type": "http.response.start", "status": 201, "headers": iter([[b"X-Kept", b"\xb5\t1"]])})
    await attempt(send, {"type": "http.response.start", "status": 200})
    await attempt(send, {"type": "http.response.body", "body": "text"})
    await send({"type": "http.response.body", "body": memoryview(b"correct")})
    await attempt(send, {"type": "http.response.body", "body": b"more"})


BAD = {"line": (b"x-a", b"1\r\nx-evil: 1"), "name": (b"x a", b"1"), "nul": (b"x-a", b"1\0x-evil\x001")}


async def bad_header(scope, receive, send):
    header = BAD[scope["query_string"].decode()]
    await send({"type": "http.response.start", "status": 200, "headers": [header]})
    await send({"type": "http.response.body", "body": b"never"})


async def too_long(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"4")]})
    await send({"type": "http.response.body", "body": b"12", "more_body": True})
    await attempt(send, {"type": "http.response.body", "body": b"345", "more_body": True})
    raise ValueError("given up")


async def too_short(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"4")]})
    await send({"type": "http.response.body", "body": b"12", "more_body": True})
    await send({"type": "http.response.body", "body": b"3"})


async def no_content(scope, receive, send):
    await answer(send, "", 204, [(b"x-kind", b"none")])


async def sized(scope, receive, send):
    await answer(send, "12345", headers=[(b"content-length", b"5"), (b"transfer-encoding", b"chunked")])


async def hinted(scope, receive, send):
    await send({"type": "http.response.early_hint", "links": [b"</a.css>; rel=preload", b"</b.js>; rel=preload"]})
    await send({"type": "http.response.informational", "status": 103, "headers": [(b"x-early", b"1")]})
    await answer(send, "hinted")


async def file(scope, receive, send):
    """The file that the query names, with or without a length; `?gone` is away as soon as `send` returns."""
    name, _, length = scope["query_string"].decode().partition("&")
    path = os.path.abspath(name)
    headers = [(b"content-length", length.encode())] if length else []
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    if name == "late.txt":
        await asyncio.sleep(0.02)
    await attempt(send, {"type": "http.response.pathsend", "path": 5})
    try:
        await send({"type": "http.response.pathsend", "path": path if length else name})
    except OSError as error:
        caught.append(f"{type(error).__name__}: {error}")
        await send({"type": "http.response.body", "body": b"there is none"})
        return
    if name == "gone.txt":
        os.unlink(path)
    await attempt(send, {"type": "http.response.body", "body": b"more"})


async def trailed(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": [(b"trailer", b"x-sum")], "trailers": True})
    await attempt(send, {"type": "http.response.trailers", "headers": []})
    await send({"type": "http.response.body", "body": b"body"})
    await attempt(send, {"type": "http.response.trailers", "headers": [(b"content-length", b"1")]})
    await send({"type": "http.response.trailers", "headers": [(b"x-sum", b"4")], "more_trailers": True})
    await send({"type": "http.response.trailers", "headers": [(b"x-end", b"1")]})


async def large(scope, receive, send):
    await answer(send, b"y" * 1_000_000)


async def fails(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    raise ValueError("no such luck")


async def fails_late(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"begun", "more_body": True})
    raise ValueError("too late")


async def fails_behind(scope, receive, send):
    await answer(send, "fine")
    raise ValueError("behind the end")


async def returns(scope, receive, send):
    return


async def returns_late(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"begun", "more_body": True})


async def events(scope, receive, send):
    """Waits for its client to leave, and says good-bye."""
    await body_of(receive)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]})
    await send({"type": "http.response.body", "body": b"data: begun\n\n", "more_body": True})
    await receive()
    await send({"type": "http.response.body", "body": b"data: good-bye\n\n"})


async def block(scope, receive, send):
    while True:
        time.sleep(0.1)


async def forever(scope, receive, send):
    print("forever in", os.getpid(), flush=True)
    await asyncio.sleep(3600)


async def die(scope, receive, send):
    os.kill(os.getpid(), 9)


async def pid(scope, receive, send):
    await answer(send, str(os.getpid()))


async def descriptors(scope, receive, send):
    await answer(send, str(len(os.listdir("/proc/self/fd"))))


async def loop(scope, receive, send):
    await answer(send, type(asyncio.get_running_loop()).__module__)


HANDLERS = {
    name: one for name, one in list(globals().items()) if asyncio.iscoroutinefunction(one) and name != "app"
}


async def ws_echo(scope, receive, send):
    await send({"type": "websocket.accept"})
    while True:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            print("disconnect:", message["code"], repr(message["reason"]), flush=True)
            return
        if message.get("text") is not None:
            await send({"type": "websocket.send", "text": message["text"]})
        else:
            await send({"type": "websocket.send", "bytes": message["bytes"]})


async def ws_show(scope, receive, send):
    await send({"type": "websocket.accept", "subprotocol": "two", "headers": [(b"X-Kept", b"1")]})
    await send({"type": "websocket.send", "text": json.dumps(text_of(dict(scope, headers=[])))})
    message = await receive()
    await send({"type": "websocket.send", "text": " ".join(sorted(message))})


async def ws_refuse(scope, receive, send):
    await send({"type": "websocket.close", "code": 4000})
    calls.append(str((await receive())["code"]))


async def ws_deny_badly(scope, receive, send):
    await send({"type": "websocket.http.response.start", "status": 99})


async def ws_deny(scope, receive, send):
    await send({"type": "websocket.http.response.start", "status": 401, "headers": [(b"x-why", b"no")]})
    await send({"type": "websocket.http.response.body", "body": b"not ", "more_body": True})
    await send({"type": "websocket.http.response.body", "body": b"you"})
    calls.append(str((await receive())["code"]))


async def ws_return(scope, receive, send):
    return


async def ws_raise(scope, receive, send):
    raise ValueError("no such socket")


async def ws_accept_return(scope, receive, send):
    await send({"type": "websocket.accept"})


async def ws_accept_raise(scope, receive, send):
    await send({"type": "websocket.accept"})
    raise ValueError("broken socket")


async def ws_close(scope, receive, send):
    await attempt(send, {"type": "websocket.send", "text": "too early"})
    await send({"type": "websocket.accept"})
    await attempt(send, {"type": "websocket.accept"})
    await attempt(send, {"type": "websocket.send"})
    await attempt(send, {"type": "websocket.close", "code": 1006})
    await send({"type": "websocket.close", "code": 4000, "reason": "enough"})
    message = await receive()
    caught.append(f"{message['type']}: {message['code']} {message['reason']}")
    await attempt(send, {"type": "websocket.send", "text": "too late"})


async def ws_gone(scope, receive, send):
    await send({"type": "websocket.accept"})
    while (await receive())["type"] != "websocket.disconnect":
        pass
    await attempt(send, {"type": "websocket.send", "text": "too late"})
    print("nobody is there", flush=True)


async def ws_flood(scope, receive, send):
    await send({"type": "websocket.accept"})
    sent = 0
    try:
        while True:
            await send({"type": "websocket.send", "bytes": b"x" * 10000})
            sent += 10000
            calls[:] = [str(sent)]
    finally:
        print("flood over", flush=True)


async def ws_deaf(scope, receive, send):
    await send({"type": "websocket.accept"})
    await asyncio.sleep(3600)


SOCKETS = {name: one for name, one in list(globals().items()) if name.startswith("ws_")}
