import asyncio
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.responses import FileResponse, PlainTextResponse, StreamingResponse
from starlette.routing import Route, WebSocketRoute


async def echo(request):
    return PlainTextResponse(await request.body())


async def stream(request):
    async def parts():
        for number in range(3):
            yield f"data: {number}\n\n"
            await asyncio.sleep(0.01)

    return StreamingResponse(parts(), media_type="text/event-stream")


async def endless(request):
    async def parts():
        try:
            while True:
                yield "tick\n"
                await asyncio.sleep(0.01)
        finally:
            print("the stream is over", flush=True)

    return StreamingResponse(parts())


async def background(request):
    async def work():
        await asyncio.sleep(0.2)
        print("the work is done", flush=True)

    return PlainTextResponse("begun", background=BackgroundTask(work))


async def file(request):
    return FileResponse(__file__)


async def state(request):
    return PlainTextResponse(request.state.name)


async def socket(websocket):
    await websocket.accept()
    while True:
        await websocket.send_text(f"you said {await websocket.receive_text()}")


class Header(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        response = await call_next(request)
        response.headers["x-middleware"] = "1"
        return response


@asynccontextmanager
async def lifespan(app):
    yield {"name": "from the lifespan"}
    print("lifespan is over", flush=True)


app = Starlette(
    routes=[
        Route("/echo", echo, methods=["POST"]),
        Route("/stream", stream),
        Route("/endless", endless),
        Route("/background", background),
        Route("/file", file),
        Route("/state", state),
        WebSocketRoute("/ws", socket),
    ],
    lifespan=lifespan,
    middleware=[Middleware(Header)],
)
