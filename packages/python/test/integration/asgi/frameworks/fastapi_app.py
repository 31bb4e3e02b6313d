import asyncio

from fastapi import BackgroundTasks, FastAPI, File, Request, UploadFile, WebSocket, WebSocketDisconnect
from fastapi.responses import StreamingResponse

app = FastAPI()


@app.post("/upload")
async def upload(file: UploadFile = File(...)):
    return {"name": file.filename, "size": len(await file.read())}


@app.get("/items/{number}")
def item(number: int):
    return {"number": number}


@app.get("/stream")
async def stream():
    async def parts():
        for number in range(3):
            yield f"data: {number}\n\n"
            await asyncio.sleep(0.01)

    return StreamingResponse(parts(), media_type="text/event-stream")


@app.get("/background")
async def background(tasks: BackgroundTasks):
    tasks.add_task(lambda: print("the work is done", flush=True))
    return "begun"


@app.get("/gone")
async def gone(request: Request):
    """Behind BaseHTTPMiddleware, Starlette itself never finds out."""
    while not await request.is_disconnected():
        await asyncio.sleep(0.01)
    print("the client is gone", flush=True)
    return "nobody"


@app.websocket("/ws")
async def socket(websocket: WebSocket):
    await websocket.accept()
    try:
        while True:
            await websocket.send_text(f"you said {await websocket.receive_text()}")
    except WebSocketDisconnect as error:
        print("left with", error.code, flush=True)
