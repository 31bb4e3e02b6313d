"""What an application is told of a request, made of what the worker sent."""

from __future__ import annotations

import json
from typing import Any, Dict, List, Optional, Tuple
from urllib.parse import unquote_to_bytes

from .frames import HTTP_2, OLD_VERSION, SECURE, TLS

# From 2.4 on `send` has to raise when the client has left, which frameworks turn into noise for HTTP.
HTTP_VERSION = "2.3"
WEBSOCKET_VERSION = "2.4"

# The fields of the request line and of the addresses, in front of those of the headers.
FIRST_FIELDS = 7
# Clients that keep a connection send the same headers again and again; to cut them up once is enough.
MOST_KNOWN = 256
LONGEST_KNOWN = 2048


class ScopeMaker:
    """Keeps what all requests have in common."""

    def __init__(self, version: str, root_path: str, state: Dict[str, Any]) -> None:
        self.version = version
        self.root_path = root_path
        self.raw_root = root_path.encode("utf-8")
        self.raw_inside = self.raw_root + b"/"
        self.state = state
        # What TLS agreed upon with clients, where the worker has put it.
        self._tls: Dict[bytes, Dict[str, Any]] = {}
        self._known: Dict[bytes, List[Tuple[bytes, bytes]]] = {}

    def take_tls(self, payload: bytes) -> None:
        told = json.loads(payload)
        self._tls[b"%d" % told["slot"]] = told["tls"]

    def http(self, flags: int, payload: bytes) -> Dict[str, Any]:
        """`payload`: method, path, query, client, its port, server, its port; with TLS its slot; then names and values."""
        method, raw_path, query, client, client_port, server, server_port, *rest = payload.split(b"\0", FIRST_FIELDS)
        if self.raw_root and raw_path != self.raw_root and not raw_path.startswith(self.raw_inside):
            # Behind a proxy that has cut it off: the path of a scope has it.
            raw_path = self.raw_root + raw_path
        extensions: Dict[str, Any] = {"http.response.pathsend": {}}
        if not flags & OLD_VERSION:
            extensions["http.response.early_hint"] = {}
            extensions["http.response.trailers"] = {}
        if flags & TLS:
            slot, *rest = rest[0].split(b"\0", 1)
            extensions["tls"] = self._tls_of(slot)
        path = raw_path if b"%" not in raw_path else unquote_to_bytes(raw_path)
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
            "headers": self._headers(rest[0]) if rest else [],
            "state": self.state.copy(),
            "extensions": extensions,
        }

    def _headers(self, text: bytes) -> List[Tuple[bytes, bytes]]:
        """A list of its own for each request, since applications write to it."""
        known = self._known.get(text)
        if known is not None:
            return known.copy()
        fields = iter(text.split(b"\0"))
        # An iterator zipped with itself gives its items two at a time.
        headers = list(zip(fields, fields))
        if len(text) <= LONGEST_KNOWN:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known[text] = headers.copy()
        return headers

    def _tls_of(self, slot: bytes) -> Dict[str, Any]:
        """A dict and a list of its own for each request, since applications write to them."""
        known = self._tls[slot]
        return {**known, "client_cert_chain": list(known["client_cert_chain"])}

    def websocket(self, flags: int, payload: bytes) -> Dict[str, Any]:
        scope = self.http(flags, payload)
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
        extensions: Dict[str, Any] = {"websocket.http.response": {}}
        if flags & TLS:
            extensions["tls"] = scope["extensions"]["tls"]
        scope["extensions"] = extensions
        return scope


def address(host: bytes, port: bytes) -> Optional[Tuple[str, Optional[int]]]:
    """Of a unix socket: its path, and no port."""
    if not host:
        return None
    return (host.decode("utf-8", "surrogateescape"), int(port) if port else None)
