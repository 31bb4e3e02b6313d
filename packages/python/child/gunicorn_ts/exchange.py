"""One request and its response: what PEP 3333 asks of a server between the two."""

from __future__ import annotations

import os
import traceback
from types import TracebackType
from typing import TYPE_CHECKING, Any, Callable, Iterable, List, Optional, Tuple, Type, Union, cast

from . import forked
from .ending import WorkerLeaves
from .file_wrapper import PIECE, FileWrapper, find_extent
from .lane import BUFFER_SIZE, MAX_PAYLOAD, PREFIX, Lane, LaneClosed
from .output import flush_output
from .request_body import ClientDisconnected, RequestBody

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

ExcInfo = Union[
    Tuple[Type[BaseException], BaseException, Optional[TracebackType]], Tuple[None, None, None]
]
Headers = List[Tuple[str, str]]

# With a short body they fit into one frame.
MAX_FIELDS = MAX_PAYLOAD - 2 * BUFFER_SIZE

NOT_STARTED = "the application gave its response without a call of start_response()"

WaitWritable = Callable[[int], None]


class Exchange:
    """Collects a response and sends it as early as PEP 3333 demands, and in as few frames as it permits."""

    __slots__ = ("lane", "request", "body", "head", "length", "sent", "started", "ended", "gone", "is_whole", "wait_writable")

    def __init__(
        self, lane: Lane, body: Optional[RequestBody], wait_writable: Optional[WaitWritable]
    ) -> None:
        self.lane = lane
        self.request = lane.request
        self.body = body
        self.wait_writable = wait_writable
        self.head: Optional[bytes] = None
        # Of the response, when its headers say so.
        self.length = -1
        self.sent = 0
        self.started = False
        self.ended = False
        self.gone = False
        # Head and body left in one frame.
        self.is_whole = False

    def start_response(
        self, status: str, headers: Headers, exc_info: Optional[ExcInfo] = None
    ) -> Callable[[bytes], object]:
        if exc_info is not None:
            try:
                if self.started and exc_info[1] is not None:
                    raise exc_info[1].with_traceback(exc_info[2])
            finally:
                exc_info = None
        elif self.head is not None:
            raise AssertionError("start_response() was called a second time without exc_info")
        fields = [status]
        length = -1
        for name, value in headers:
            fields += (name, value)
            if len(name) == 14 and name.lower() == "content-length" and value.isdigit():
                length = int(value)
        self.head = encode_fields(fields)
        self.length = length
        return self.write

    def write(self, data: bytes) -> None:
        """Sends now: an application that calls it counts on that, also for nothing but the head."""
        check_chunk(data)
        if not self.started:
            self._send_head()
        if data:
            self._send_data(data)

    def early_hints(self, headers: Iterable[Tuple[str, str]]) -> None:
        """A 103 before the response; nothing happens after its head was sent."""
        if self.started:
            return
        fields: List[str] = []
        for name, value in headers:
            fields += (name, value)
        if fields:
            self.lane.send(b"I", encode_fields(fields), self.request)

    def respond(self, result: Iterable[bytes]) -> None:
        """Sends what the application returned."""
        kind = result.__class__
        if kind is list or kind is tuple:
            # It is complete: nobody gains from parts.
            self._respond_list(cast("List[bytes]", result))
        elif not (isinstance(result, FileWrapper) and self._send_file(result)):
            self._respond_parts(result)
        self._end()

    def _respond_list(self, parts: List[bytes]) -> None:
        if len(parts) == 1:
            data = parts[0]
            check_chunk(data)
        else:
            for part in parts:
                check_chunk(part)
            data = b"".join(parts)
        if self.started:
            self._send_data(data)
        elif self.head is None:
            raise AssertionError(NOT_STARTED)
        else:
            self._send_whole(data)

    def _respond_parts(self, parts: Iterable[bytes]) -> None:
        for part in parts:
            if part.__class__ is not bytes:
                check_chunk(part)
            if self.started:
                # A part too many after a whole response, or for nobody.
                if self.ended or self._is_client_gone():
                    return
                if part:
                    self._send_data(part)
            elif not part:
                continue
            elif self.head is None:
                raise AssertionError(NOT_STARTED)
            elif len(part) == self.length:
                self._send_whole(part)
            else:
                self._send_head(part)

    def fail(self, error: BaseException) -> None:
        """Tells the worker, with the traceback from the application on."""
        if self.ended:
            return
        self.ended = True
        text = "" if isinstance(error, ClientDisconnected) and self._is_aborted() else format_error(error)
        self.lane.send(b"X", text.encode("utf-8", "backslashreplace")[-BUFFER_SIZE:], self.request)

    def _is_aborted(self) -> bool:
        return self.gone or (self.body is not None and self.body.aborted)

    @property
    def was_unwanted(self) -> bool:
        """The server had given the client another answer before this one was there."""
        return self.is_whole and (self.gone or self.lane.is_abort_next())

    def _is_client_gone(self) -> bool:
        if self.gone:
            return True
        body = self.body
        if body is None:
            gone = self.lane.is_abort_next()
            if gone:
                self.lane.receive_prefix()
        else:
            # Behind data that is not read yet, an abort is not seen.
            if not body.left and not body.aborted and self.lane.is_abort_next():
                self.lane.receive_prefix()
                body.ended = body.aborted = True
            gone = body.aborted
        self.gone = gone
        return gone

    def _send_whole(self, chunk: bytes) -> None:
        head = self.head
        assert head is not None
        if len(chunk) > BUFFER_SIZE:
            self._send_head()
            return self._send_data(chunk)
        self.started = self.ended = self.is_whole = True
        self.sent += len(chunk)
        self.lane.send_whole(head, chunk, self.request)

    def _send_head(self, chunk: bytes = b"") -> None:
        head = self.head
        assert head is not None
        self.started = True
        if not chunk or len(chunk) > BUFFER_SIZE:
            self.lane.write(PREFIX.pack(b"H", self.request, len(head)) + head)
            if chunk:
                self._send_data(chunk)
            return
        # Both in one go: the client is to see the first part with the head.
        self.sent += len(chunk)
        request = self.request
        data = PREFIX.pack(b"D", request, len(chunk)) + chunk
        self.lane.write(PREFIX.pack(b"H", request, len(head)) + head + data)

    def _send_data(self, chunk: bytes) -> None:
        if not self.ended:
            self.sent += len(chunk)
            self.lane.send(b"D", chunk, self.request)

    def _end(self) -> None:
        if self.ended:
            return
        if self.started:
            self.ended = True
            self.lane.send(b"E", b"", self.request)
        elif self.head is None:
            raise AssertionError(NOT_STARTED)
        else:
            self._send_whole(b"")

    def _send_file(self, wrapper: FileWrapper) -> bool:
        extent = find_extent(wrapper)
        if extent is None or self.head is None:
            return False
        descriptor, offset, left = extent
        if self.length >= 0:
            left = min(left, self.length)
        if not self.started:
            if left <= BUFFER_SIZE:
                # An empty file cannot be told from one that shrank: both are sent as they are.
                self._send_whole(os.pread(descriptor, left, offset))
                return True
            self._send_head()
        while left and not self._is_client_gone():
            piece = min(left, PIECE)
            self._send_piece(descriptor, offset, piece)
            offset += piece
            left -= piece
        return True

    def _send_piece(self, descriptor: int, offset: int, left: int) -> None:
        sock = self.lane.sock
        try:
            with self.lane.lock:
                sock.sendall(PREFIX.pack(b"D", self.request, left))
                while left:
                    try:
                        count = os.sendfile(sock.fileno(), descriptor, offset, left)
                    except BlockingIOError:
                        assert self.wait_writable is not None
                        self.wait_writable(sock.fileno())
                        continue
                    if not count:
                        # The file shrank. The length is announced; only the end of the lane can take it back.
                        raise LaneClosed("a file became shorter while it was sent")
                    offset += count
                    left -= count
                    self.sent += count
        except OSError as error:
            raise LaneClosed from error
        except BaseException:
            # Only the end of the lane can take the length back.
            self.lane.close()
            raise


def encode_fields(fields: List[str]) -> bytes:
    """Texts joined by NUL. Raises for what would end a field, and for what is not latin-1."""
    text = "\0".join(fields)
    if text.count("\0") != len(fields) - 1 or "\n" in text or "\r" in text:
        bad = next(field for field in fields if "\0" in field or "\n" in field or "\r" in field)
        raise ValueError(f"a header field cannot hold a line break or NUL: {bad!r}")
    if len(text) > MAX_FIELDS:
        raise ValueError(f"the header fields have {len(text)} bytes; no more than {MAX_FIELDS} can be sent")
    return text.encode("latin-1")


def check_chunk(chunk: Any) -> None:
    if not isinstance(chunk, bytes):
        raise TypeError(f"a part of the body must be bytes, not {chunk!r:.200}")


def format_error(error: BaseException) -> str:
    """A traceback without the frames of this package that it begins with."""
    start = error.__traceback__
    folder = os.path.dirname(__file__)
    while start is not None and os.path.dirname(start.tb_frame.f_code.co_filename) == folder:
        start = start.tb_next
    # Ours alone: the application broke a rule, and the place that noticed is all there is.
    lines = traceback.format_exception(type(error), error, start or error.__traceback__)
    return "".join(lines).rstrip("\n")


def handle(
    application: WSGIApplication, environ: WSGIEnvironment, exchange: Exchange
) -> None:
    """Calls the application for one request, and answers whatever it raises: only what ends the process or the lane
    gets out."""
    environ["wsgi.early_hints"] = exchange.early_hints
    try:
        result = application(environ, exchange.start_response)
        try:
            exchange.respond(result)
        finally:
            close = getattr(result, "close", None)
            if close is not None:
                close()
    except LaneClosed:
        raise
    except BaseException as error:
        # SystemExit, too, was meant for a program of which this request is no part.
        if forked.is_offspring():
            forked.end_offspring(error)
        report(exchange, error)
        if isinstance(error, WorkerLeaves):
            raise
    if exchange.body is not None:
        exchange.body.skip()


def report(exchange: Exchange, error: BaseException) -> None:
    if exchange.ended:
        # `close` failed after the response was complete: only the log can still be told.
        from .error_stream import send_line

        send_line(exchange.lane, b"e", format_error(error))
    else:
        exchange.fail(error)
    flush_output()
