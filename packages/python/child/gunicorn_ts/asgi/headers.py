"""The headers of a response, checked before anything of it is sent."""

from __future__ import annotations

import re
from typing import Any, Dict, Iterable, List, Optional, Tuple

TOKEN = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
# NUL separates the fields, and is counted.
FORBIDDEN = re.compile(rb"[\x01-\x08\x0a-\x1f\x7f]")

# Applications use few names; a look-up is cheaper than looking at each character again.
MOST_KNOWN = 512
_is_length: Dict[Any, bool] = {}


def encode_headers(headers: Iterable[Any]) -> Tuple[bytes, Optional[int]]:
    """Names and values by turns, joined by NUL, and what Content-Length says."""
    fields: List[bytes] = []
    length: Optional[int] = None
    for name, value in headers:
        is_length = _is_length.get(name)
        if is_length is None:
            is_length = read_name(name)
        if is_length:
            length = read_length(value, length)
        fields.append(name)
        fields.append(value)
    try:
        text = b"\0".join(fields)
    except TypeError:
        raise TypeError(f"header values must be bytes, as ASGI has them: {describe_wrong(fields)}") from None
    if FORBIDDEN.search(text) or (fields and text.count(b"\0") != len(fields) - 1):
        raise ValueError(f"a header value must not contain control characters: {describe_wrong(fields)}")
    return text, length


# RFC 9110, section 6.5.1: framing, routing, authentication, and what says how the content is to be read.
NO_TRAILERS = frozenset(
    (
        b"authorization",
        b"cache-control",
        b"connection",
        b"content-encoding",
        b"content-length",
        b"content-range",
        b"content-type",
        b"host",
        b"keep-alive",
        b"set-cookie",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    )
)


def encode_trailers(headers: Iterable[Any]) -> bytes:
    """The fields behind a body."""
    pairs = list(headers)
    text, _ = encode_headers(pairs)
    for name, _value in pairs:
        if name.lower() in NO_TRAILERS:
            raise ValueError(f"{name!r:.100} belongs into the headers, not behind the body")
    return text


def read_name(name: Any) -> bool:
    """Whether it is that of Content-Length."""
    if not isinstance(name, bytes):
        raise TypeError(f"header names must be bytes, as ASGI has them, not {name!r:.100}")
    if TOKEN.fullmatch(name) is None:
        raise ValueError(f"{name!r:.100} is no name of a header")
    is_length = name.lower() == b"content-length"
    if len(_is_length) < MOST_KNOWN:
        _is_length[name] = is_length
    return is_length


def read_length(value: Any, before: Optional[int]) -> int:
    if not isinstance(value, bytes):
        raise TypeError(f"the value of Content-Length must be bytes, not {value!r:.100}")
    text = value.strip(b" \t")
    if not text.isdigit():
        raise ValueError(f"{value!r:.100} is no Content-Length")
    length = int(text)
    if before not in (None, length):
        raise ValueError(f"there are two values of Content-Length: {before} and {length}")
    return length


def describe_wrong(fields: List[Any]) -> str:
    for name, value in zip(fields[::2], fields[1::2]):
        if not isinstance(value, (bytes, bytearray)) or b"\0" in value or FORBIDDEN.search(value):
            return f"{name!r:.100} has {value!r:.100}"
    return "none"
