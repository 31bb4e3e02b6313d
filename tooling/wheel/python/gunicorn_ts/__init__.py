"""Gunicorn, in TypeScript: the command, and the server that it starts. There is nothing to import from here."""
