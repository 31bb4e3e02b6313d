"""What an application is told of a request, made of what the worker sent."""

from __future__ import annotations

from typing import Any, Dict, Optional, Tuple
from urllib.parse import unquote_to_bytes

from .frames import HTTP_2, OLD_VERSION, SECURE

# From 2.4 on `send` has to raise when the client has left, which frameworks turn into noise for HTTP.
HTTP_VERSION = "2.3"
WEBSOCKET_VERSION = "2.4"


class ScopeMaker:
    """Keeps what all requests have in common."""

    def __init__(self, version: str, root_path: str, state: Dict[str, Any]) -> None:
        self.version = version
        self.root_path = root_path
        self.raw_root = root_path.encode("utf-8")
        self.raw_inside = self.raw_root + b"/"
        self.state = state

    def http(self, flags: int, fields: Any) -> Dict[str, Any]:
        """`fields`: method, path, query, client, its port, server, its port; then names and values."""
        method, raw_path, query, client, client_port, server, server_port, *pairs = fields
        if self.raw_root and raw_path != self.raw_root and not raw_path.startswith(self.raw_inside):
            # Behind a proxy that has cut it off: the path of a scope has it.
            raw_path = self.raw_root + raw_path
        path = raw_path if b"%" not in raw_path else unquote_to_bytes(raw_path)
        rest = iter(pairs)
        return {
            "type": "http",
            "asgi": {"version": self.version, "spec_version": HTTP_VERSION},
            "http_version": "2" if flags & HTTP_2 else "1.0" if flags & OLD_VERSION else "1.1",
            "server": address(server, server_port),
            "client": None if not client else (client.decode("latin-1"), int(client_port)),
            "scheme": "https" if flags & SECURE else "http",
            "method": method.decode("latin-1"),
            "root_path": self.root_path,
            "path": path.decode("utf-8", "replace"),
            "raw_path": raw_path,
            "query_string": query,
            # An iterator zipped with itself gives its items two at a time.
            "headers": list(zip(rest, rest)),
            "state": self.state.copy(),
            "extensions": {"http.response.early_hint": {}},
        }

    def websocket(self, flags: int, fields: Any) -> Dict[str, Any]:
        scope = self.http(flags, fields)
        del scope["method"]
        scope["type"] = "websocket"
        scope["asgi"]["spec_version"] = WEBSOCKET_VERSION
        scope["scheme"] = "wss" if flags & SECURE else "ws"
        scope["subprotocols"] = [
            one.strip().decode("latin-1")
            for name, value in scope["headers"]
            if name == b"sec-websocket-protocol"
            for one in value.split(b",")
            if one.strip()
        ]
        scope["extensions"] = {"websocket.http.response": {}}
        return scope


def address(host: bytes, port: bytes) -> Optional[Tuple[str, Optional[int]]]:
    """Of a unix socket: its path, and no port."""
    if not host:
        return None
    return (host.decode("utf-8", "surrogateescape"), int(port) if port else None)
