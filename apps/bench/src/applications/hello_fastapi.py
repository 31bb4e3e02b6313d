from fastapi import FastAPI

application = FastAPI()


@application.get("/")
async def hello():
    return {"message": "Hello, world!", "items": [1, 2, 3]}
