"""The machine that a measurement ran on: what it can do, never what it is called."""

from __future__ import annotations

import os
import platform
import sys
from contextlib import suppress
from pathlib import Path

_STATUS = Path("/proc/self/status")


def describe() -> str:
    """Processor, cores, system, Python, and how busy the machine was."""
    parts = [_processor(), f"{_cores()} cores", platform.system(), f"Python {platform.python_version()}"]
    if hasattr(os, "getloadavg"):
        parts.append(f"load of the last minute at the start {os.getloadavg()[0]:.1f}")
    return ", ".join(parts)


def peak_memory() -> int | None:
    """The most memory that this process ever held, in bytes; None where the system does not tell."""
    with suppress(OSError, StopIteration):
        # Unlike getrusage, this does not count what the parent held before this program was started.
        line = next(line for line in _STATUS.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    try:
        import resource  # noqa: PLC0415  not on Windows
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def stay_on_one_core() -> None:
    """Keep this process on one core, where the system allows that."""
    if sys.platform == "linux":
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _processor() -> str:
    with suppress(OSError, UnicodeDecodeError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return " ".join(line.partition(":")[2].split())
    return platform.processor() or platform.machine()
