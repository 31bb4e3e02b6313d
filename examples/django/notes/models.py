from django.db import models


class Note(models.Model):
    """Something to remember, perhaps with a file."""

    title = models.CharField(max_length=80)
    text = models.TextField(blank=True)
    attachment = models.FileField(upload_to="attachments", blank=True)
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.title
