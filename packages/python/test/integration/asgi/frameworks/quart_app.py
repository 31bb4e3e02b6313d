import asyncio

from quart import Quart, request, websocket

app = Quart(__name__)


@app.post("/echo")
async def echo():
    return await request.get_data(), 200, {"Content-Type": "text/plain"}


@app.get("/stream")
async def stream():
    async def parts():
        for number in range(3):
            yield f"data: {number}\n\n"
            await asyncio.sleep(0.01)

    return parts(), 200, {"Content-Type": "text/event-stream"}


@app.websocket("/ws")
async def socket():
    while True:
        await websocket.send(f"you said {await websocket.receive()}")
