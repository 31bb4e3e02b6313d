"""Serves ASGI applications: one asyncio loop, and one bus to the worker that carries all requests."""
