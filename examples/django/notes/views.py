import time

from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from .forms import NoteForm
from .models import Note


def index(request):
    """The notes, and a form for one more, which may have a file."""
    form = NoteForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        return redirect("index")
    return render(request, "notes/index.html", {"notes": Note.objects.order_by("-pk")[:20], "form": form})


def hello(request):
    return HttpResponse("Hello, world!", content_type="text/plain")


def count(request):
    """A session: each browser counts by itself."""
    visits = request.session.get("visits", 0) + 1
    request.session["visits"] = visits
    return HttpResponse(f"visit {visits}", content_type="text/plain")


def stream(request):
    """Lines that come one after the other, each as soon as it is there."""
    lines = int(request.GET.get("lines", 3))
    pause = float(request.GET.get("pause", 0))

    def parts():
        for number in range(lines):
            yield f"line {number}\n"
            time.sleep(pause)

    return StreamingHttpResponse(parts(), content_type="text/plain")


def attachment(request, pk):
    """The kernel copies the file: Django passes it to wsgi.file_wrapper."""
    note = get_object_or_404(Note, pk=pk)
    return FileResponse(note.attachment.open("rb"), as_attachment=True)


def fails(request):
    raise RuntimeError("this view fails on purpose")
