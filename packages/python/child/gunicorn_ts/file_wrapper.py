"""`wsgi.file_wrapper`: a file that the kernel may copy to the worker."""

from __future__ import annotations

import io
import os
import stat
from typing import Any, Callable, Iterator, Optional, Tuple

# Between two pieces it is asked whether the client is still there.
PIECE = 1 << 22


class FileWrapper:
    """Iterates over blocks of a file, for the case that it is none the kernel knows."""

    def __init__(self, filelike: Any, blksize: int = 8192) -> None:
        self.filelike = filelike
        self.blksize = blksize
        if hasattr(filelike, "close"):
            self.close: Callable[[], None] = filelike.close

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        data: bytes = self.filelike.read(self.blksize)
        if data:
            return data
        raise StopIteration

    def __getitem__(self, key: int) -> bytes:
        """The protocol before iterators, which Gunicorn's wrapper offers too."""
        data: bytes = self.filelike.read(self.blksize)
        if data:
            return data
        raise IndexError


def find_extent(wrapper: FileWrapper) -> Optional[Tuple[int, int, int]]:
    """Descriptor, offset and length of what is left of a regular file; `None` when only `read` tells what is in it."""
    file = wrapper.filelike
    for _ in range(3):
        # Exactly these: a decompressing file, too, has a `fileno`, of bytes that are not its own.
        if type(file) in (io.BufferedReader, io.BufferedRandom, io.FileIO):
            break
        # Django's File and those of tempfile hold the real one.
        file = getattr(file, "file", None) or getattr(file, "_file", None)
    else:
        return None
    try:
        descriptor = file.fileno()
        status = os.fstat(descriptor)
        offset = file.tell()
    except (OSError, ValueError):
        return None
    if not stat.S_ISREG(status.st_mode):
        return None
    return descriptor, offset, max(0, status.st_size - offset)
