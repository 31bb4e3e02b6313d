import asyncio

import django
from django.conf import settings
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import path

settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY="x", DEBUG=False)


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

from django.core.asgi import get_asgi_application  # noqa: E402

app = get_asgi_application()
