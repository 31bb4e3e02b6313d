"""Frames on the bus: a type, the number of a stream, a length, that many bytes. See PROTOCOL.md."""

from __future__ import annotations

import struct

PREFIX = struct.Struct(">cII")
WHOLE_PREFIX = struct.Struct(">cIII")
# What follows the type: the number of the stream, and the length.
NUMBERS = struct.Struct(">II")
COUNT = struct.Struct(">I")
CODE = struct.Struct(">H")
PREFIX_SIZE = PREFIX.size

REQUEST = ord("Q")
WEBSOCKET = ord("W")
DATA = ord("D")
END = ord("E")
CREDIT = ord("G")
GONE = ord("A")
FILE = ord("F")
LEAVE = ord("T")
SECURITY = ord("S")
TEXT = ord("t")
BINARY = ord("b")
CLOSE = ord("c")

# On the control lane.
PING = ord("P")
TASKS = ord("S")

MAX_PAYLOAD = 1 << 20
# Bytes of a stream that may be on their way in one direction, and most of one frame of data.
WINDOW = 1 << 16

# Flags of a request.
OLD_VERSION = 1
SECURE = 2
HAS_BODY = 4
EXPECTS_CONTINUE = 8
HTTP_2 = 16
TLS = 32

# Of a piece of a message of a WebSocket, and what each costs of the window beside its bytes.
MORE = 1
MESSAGE_COST = 64


class ProtocolError(Exception):
    """Bytes came that are no frame, or a frame that does not belong where it came."""
