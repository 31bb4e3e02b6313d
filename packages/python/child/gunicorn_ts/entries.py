"""Entries of the error log of the arbiter and of the workers in front, for the handlers that a configuration put on
`gunicorn.error`. Each of these processes has a connection of its own."""

from __future__ import annotations

import json
import logging
from socket import MSG_DONTWAIT
from typing import Any, Dict, Iterable, List, Optional, Tuple

from .families import Socket
from .glogging import Logger
from .log_handlers import Origin, WorkerLogHandler

CHUNK = 1 << 16
NAMES = {number: name for name, number in Logger.LOG_LEVELS.items()}
# What a subclass replaces that has to do with entries.
OF_ENTRIES = ("setup", "_set_handler", "error_fmt", "datefmt", "log", "exception", *Logger.LOG_LEVELS)


def wanted_level(logger: Any) -> Optional[str]:
    """The least severe level that Python's loggers want; None while nobody has led entries elsewhere."""
    log = logging.getLogger("gunicorn.error")
    kind = type(logger)
    if kind is Logger or all(getattr(kind, name, None) is getattr(Logger, name) for name in OF_ENTRIES):
        handlers = log.handlers
        is_only_ours = len(handlers) == 1 and isinstance(handlers[0], WorkerLogHandler) and handlers[0].is_plain
        is_as_made = log.level == logger.loglevel and not (log.filters or log.disabled or log.propagate)
        if is_only_ours and is_as_made:
            return None
    level = log.getEffectiveLevel()
    return next((NAMES[number] for number in sorted(NAMES) if number >= level), "critical")


class Writer:
    """A process of the server that has entries."""

    def __init__(self, sock: Socket) -> None:
        self.sock = sock
        self.rest = b""
        self.answers = b""

    def receive(self) -> List[Dict[str, Any]]:
        """What has arrived whole. Raises EOFError when the process is gone."""
        try:
            data = self.sock.recv(CHUNK, MSG_DONTWAIT)
        except BlockingIOError:
            return []
        if not data:
            raise EOFError
        *lines, self.rest = (self.rest + data).split(b"\n")
        return [json.loads(line) for line in lines]

    def say(self, **values: Any) -> None:
        """Never waits: one that is stopped hears of it when it goes on."""
        self.answers += json.dumps(values).encode() + b"\n"
        self.flush()

    def flush(self) -> None:
        try:
            while self.answers:
                self.answers = self.answers[self.sock.send(self.answers, MSG_DONTWAIT) :]
        except BlockingIOError:
            pass


class Entries:
    """All of them, in the master."""

    def __init__(self) -> None:
        self.writers: Dict[int, Writer] = {}
        self.level: Optional[str] = None

    def add(self, sock: Socket) -> None:
        writer = self.writers[sock.fileno()] = Writer(sock)
        writer.say(level=self.level)

    def look(self, logger: Any) -> None:
        """Whether somebody wants them, after what may have changed it."""
        level = wanted_level(logger)
        if level == self.level:
            return
        self.level = level
        for writer in self.writers.values():
            try:
                writer.say(level=level)
            except OSError:
                # Its end is seen when it is read from.
                pass

    def hear(self, ready: Iterable[int], logger: Any) -> List[int]:
        """In the order of their moments: what one process says may be because of what another has said before. Gives
        the descriptors that are somebody else's."""
        others = [fd for fd in ready if fd not in self.writers]
        heard: List[Tuple[Entry, Writer]] = []
        for writer in [self.writers[fd] for fd in ready if fd in self.writers]:
            try:
                heard += [(Entry(told), writer) for told in writer.receive()]
            except (EOFError, OSError, ValueError, KeyError, TypeError):
                self.forget(writer)
        for entry, writer in sorted(heard, key=lambda one: one[0].time):
            try:
                is_own = not write(entry, logger)
                writer.say(written=entry.number, own=[entry.number] if is_own else [])
            except OSError:
                self.forget(writer)
        return others

    def forget(self, writer: Writer) -> None:
        self.writers.pop(writer.sock.fileno(), None)
        writer.sock.close()

    def flush(self) -> None:
        for writer in self.writers.values():
            try:
                writer.flush()
            except OSError:
                pass

    def close(self) -> None:
        """In a process that is forked."""
        for writer in self.writers.values():
            writer.sock.close()
        self.writers.clear()


class Entry(Origin):
    def __init__(self, told: Dict[str, Any]) -> None:
        super().__init__(told)
        self.number = int(told["number"])
        self.level = told["level"] if told["level"] in Logger.LOG_LEVELS else "info"


def write(entry: Entry, logger: Any) -> bool:
    """By the logger. False when the entry belongs into the log of the process that it is of."""
    Origin.current = entry
    try:
        getattr(logger, entry.level)(entry.message)
    except Exception:
        return False
    finally:
        Origin.current = None
    return not entry.is_for_own_log
