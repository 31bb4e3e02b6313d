import asyncio

import django
from django.conf import settings
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import path

LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
settings.configure(
    ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY="x", DEBUG=False, CHANNEL_LAYERS=LAYERS
)


def echo(request):
    return HttpResponse(request.body)


async def stream(request):
    async def parts():
        for number in range(3):
            yield f"data: {number}\n\n"
            await asyncio.sleep(0.01)

    return StreamingHttpResponse(parts(), content_type="text/event-stream")


def root(request):
    return HttpResponse(f"{request.scheme} {request.get_host()} {request.META['REMOTE_ADDR']}")


urlpatterns = [path("echo", echo), path("stream", stream), path("", root)]
django.setup()

from channels.generic.websocket import AsyncWebsocketConsumer  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402
from django.core.asgi import get_asgi_application  # noqa: E402


class Room(AsyncWebsocketConsumer):
    """Who says something is heard by all who are there, and who leaves is missed."""

    async def connect(self):
        await self.channel_layer.group_add("room", self.channel_name)
        await self.accept()

    async def receive(self, text_data=None, bytes_data=None):
        await self.channel_layer.group_send("room", {"type": "said", "text": f"you said {text_data}"})

    async def said(self, event):
        await self.send(text_data=event["text"])

    async def disconnect(self, code):
        print("left the room with", code, flush=True)
        await self.channel_layer.group_discard("room", self.channel_name)


app = ProtocolTypeRouter(
    {
        "http": get_asgi_application(),
        "websocket": AllowedHostsOriginValidator(URLRouter([path("ws", Room.as_asgi())])),
    }
)
