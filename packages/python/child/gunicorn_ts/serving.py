"""The loop over the requests of a lane, and how lanes share a process: one, threads, or greenlets."""

from __future__ import annotations

import os
import socket
import threading
from io import BytesIO
from typing import TYPE_CHECKING, Any, Dict, List, Optional, Tuple

from . import forked
from .access_log import clock
from .control import Control
from .error_stream import ErrorStream
from .exchange import Exchange, WaitWritable, handle
from .file_wrapper import FileWrapper
from .gunicorn_module import changed_software
from .lane import (
    ABORT,
    MAX_PAYLOAD,
    NO_REQUEST,
    NUMBERS,
    PREFIX,
    REQUEST,
    REQUEST_WITH_BODY,
    Lane,
    LaneClosed,
    ProtocolError,
)
from .output import complain, flush_output
from .request_body import RequestBody

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

SERVER_SOFTWARE = "gunicorn-ts"


def make_base(lane: Lane, mode: str, multiprocess: bool) -> Dict[str, Any]:
    """What every environ of a lane has."""
    return {
        "wsgi.version": (1, 0),
        "wsgi.errors": ErrorStream(lane),
        "wsgi.multithread": mode != "sync",
        "wsgi.multiprocess": multiprocess,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": FileWrapper,
        "wsgi.input_terminated": True,
        "SERVER_SOFTWARE": changed_software() or SERVER_SOFTWARE,
    }


def serve_lane(
    lane: Lane,
    application: WSGIApplication,
    base: Dict[str, Any],
    control: Control,
    wait_writable: Optional[WaitWritable] = None,
) -> None:
    """Until the worker closes the lane. What is on the way of a small request is written out, since it is hot."""
    receive_into = lane.sock.recv_into
    buffer, view = lane.buffer, lane.view
    unpack_numbers = NUMBERS.unpack_from
    prefix_size = PREFIX.size
    access = control.access
    try:
        while True:
            if control.leaving:
                # What is already queued is still served; the end follows it.
                lane.sock.shutdown(socket.SHUT_RD)
            body: Optional[RequestBody] = None
            if lane.start == lane.end:
                lane.start = lane.end = 0
                lane.busy = False
                count = receive_into(buffer)
                if not count:
                    return
                lane.busy = True
                lane.request, length = unpack_numbers(buffer, 1)
                if buffer[0] == REQUEST and count == prefix_size + length and lane.request != NO_REQUEST:
                    text = str(view[prefix_size:count], "latin-1")
                else:
                    lane.end = count
                    text, body = receive_request(lane)
            else:
                text, body = receive_request(lane)
            fields = iter(text.split("\0"))
            environ = base.copy()
            # An iterator zipped with itself gives its items two at a time.
            environ.update(zip(fields, fields))
            environ["wsgi.input"] = BytesIO() if body is None else body
            exchange = Exchange(lane, body, wait_writable)
            if not access.is_asked:
                handle(application, environ, exchange)
                continue
            began = clock()
            handle(application, environ, exchange)
            access.note(environ, exchange, began)
    except (LaneClosed, OSError):
        # The worker is gone, or to be told by the end of the lane that a response cannot be finished.
        if forked.is_offspring() and forked.is_forker():
            forked.end_offspring()
    except ProtocolError as error:
        complain(f"A lane to the worker cannot be read: {error}; the process ends")
        flush_output()
        os._exit(1)
    finally:
        lane.close()


def receive_request(lane: Lane) -> Tuple[str, Optional[RequestBody]]:
    while True:
        kind, request, length = lane.receive_prefix()
        if length > MAX_PAYLOAD or request == NO_REQUEST:
            raise ProtocolError(f"frame {chr(kind)!r} of {length} bytes, of request {request}")
        lane.busy = True
        payload = lane.take_all(length)
        if kind in (REQUEST, REQUEST_WITH_BODY):
            lane.request = request
            return payload.decode("latin-1"), RequestBody(lane) if kind == REQUEST_WITH_BODY else None
        # Else the client of the last request went away while its response left us.
        if kind != ABORT:
            raise ProtocolError(f"frame {chr(kind)!r} between requests")


def serve(
    mode: str, lanes: List[Lane], application: WSGIApplication, control: Control, multiprocess: bool
) -> None:
    """Serves all lanes until they are closed."""
    if mode == "gevent":
        serve_greenlets(lanes, application, control, multiprocess)
    elif len(lanes) == 1:
        # The main thread, where alone an application may set signal handlers.
        serve_lane(lanes[0], application, make_base(lanes[0], mode, multiprocess), control)
    else:
        serve_threads(lanes, application, control, mode, multiprocess)


def serve_threads(
    lanes: List[Lane], application: WSGIApplication, control: Control, mode: str, multiprocess: bool
) -> None:
    threads = [
        threading.Thread(
            target=serve_lane,
            args=(lane, application, make_base(lane, mode, multiprocess), control),
            name=f"request-{index}",
            daemon=True,
        )
        for index, lane in enumerate(lanes)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def serve_greenlets(
    lanes: List[Lane], application: WSGIApplication, control: Control, multiprocess: bool
) -> None:
    import gevent
    from gevent.socket import wait_write

    from .greenlets import serving

    greenlets = [
        gevent.spawn(
            serve_lane, lane, application, make_base(lane, "gevent", multiprocess), control, wait_write
        )
        for lane in lanes
    ]
    serving[:] = zip(lanes, greenlets)
    gevent.joinall(greenlets)
    if forked.is_offspring():
        # Its own greenlet goes on, and ends the process.
        gevent.get_hub().join()
