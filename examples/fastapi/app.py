"""FastAPI, with what differs between servers: a lifespan, validation, streaming, and a WebSocket."""

import asyncio
from contextlib import asynccontextmanager
from typing import AsyncIterator

from fastapi import FastAPI, Request, WebSocket, WebSocketDisconnect
from fastapi.responses import StreamingResponse


@asynccontextmanager
async def lifespan(app: FastAPI) -> "AsyncIterator[dict[str, str]]":
    # Each worker begins and ends by itself: what is opened here is its own.
    yield {"greeting": "Hello"}


app = FastAPI(lifespan=lifespan)


@app.get("/")
async def index(request: Request, name: str = "world") -> "dict[str, str]":
    return {"hello": f"{request.state.greeting}, {name}!"}


@app.get("/items/{number}")
async def item(number: int) -> "dict[str, int]":
    return {"number": number}


@app.get("/stream")
async def stream() -> StreamingResponse:
    async def lines() -> "AsyncIterator[str]":
        for number in range(3):
            yield f"line {number}\n"
            await asyncio.sleep(0)

    return StreamingResponse(lines(), media_type="text/plain")


@app.websocket("/echo")
async def echo(socket: WebSocket) -> None:
    await socket.accept()
    try:
        while True:
            await socket.send_text(await socket.receive_text())
    except WebSocketDisconnect:
        pass
