from django.contrib import admin
from django.contrib.staticfiles.views import serve
from django.urls import path, re_path

from notes import views

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", views.index, name="index"),
    path("hello", views.hello, name="hello"),
    path("count", views.count, name="count"),
    path("stream", views.stream, name="stream"),
    path("fails", views.fails, name="fails"),
    path("notes/<int:pk>/attachment", views.attachment, name="attachment"),
    # In front of a large site a proxy serves these, or WhiteNoise.
    re_path(r"^static/(?P<path>.*)$", serve, {"insecure": True}),
]
