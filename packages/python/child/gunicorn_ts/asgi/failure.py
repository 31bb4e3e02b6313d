"""Tracebacks, from the application on."""

from __future__ import annotations

import os
import traceback


def describe_failure(error: BaseException) -> str:
    start = error.__traceback__
    while start is not None and os.path.dirname(start.tb_frame.f_code.co_filename) == os.path.dirname(__file__):
        if start.tb_next is None:
            break
        start = start.tb_next
    return "".join(traceback.format_exception(type(error), error, start)).rstrip("\n")
