import asyncio

from litestar import Litestar, Request, WebSocket, get, post, websocket
from litestar.response import Stream


@post("/echo", status_code=200, media_type="text/plain")
async def echo(request: Request) -> bytes:
    return await request.body()


@get("/stream")
async def stream() -> Stream:
    async def parts():
        for number in range(3):
            yield f"data: {number}\n\n"
            await asyncio.sleep(0.01)

    return Stream(parts(), media_type="text/event-stream")


@websocket("/ws")
async def socket(socket: WebSocket) -> None:
    await socket.accept()
    while True:
        await socket.send_text(f"you said {await socket.receive_text()}")


app = Litestar([echo, stream, socket])
