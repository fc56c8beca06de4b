"""One measurement in a fresh process: `python -m bot.evaluation.measured <task> <result file> <parameters as JSON>`.

Every row is written as soon as it is there, so what was measured before a time limit is not lost.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from bot.evaluation.machine import peak_memory, stay_on_one_core

REPOSITORY = Path(__file__).parents[2]

Row = dict[str, Any]
Task = Callable[..., Iterator[Row]]

TASKS = {
    "turns": "speed_tasks:turns",
    "growth-ours": "speed_tasks:growth_ours",
    "growth-rival": "speed_tasks:growth_rival",
    "ask": "start_tasks:ask",
    "bm25": "start_tasks:bm25",
    "nothing": "start_tasks:nothing",
    "transports": "transport_tasks:transports",
    "campaign-sends": "campaign_tasks:sends",
    "campaign-ledger": "campaign_tasks:ledger",
}
"""Where each task is; imported in the fresh process only."""
ON_ONE_CORE = frozenset({"turns", "growth-ours", "growth-rival"})

ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")


@dataclass(frozen=True)
class Measured:
    """What a process measured, how long it lived, and whether it came to its end."""

    rows: tuple[Row, ...]
    seconds: float
    complete: bool


def measure(task: str, limit: float, environment: Mapping[str, str] | None = None, **parameters: Any) -> Measured:
    """Run one task in a process of its own, for at most `limit` seconds; raises RuntimeError when it fails."""
    with TemporaryDirectory() as folder:
        result = Path(folder) / "rows.jsonl"
        command = [sys.executable, "-m", "bot.evaluation.measured", task, str(result), json.dumps(parameters)]
        started = perf_counter()
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            command,
            env=clean_environment(Path(folder), {**ONE_THREAD, **(environment or {})}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            code = process.wait(limit)
        except subprocess.TimeoutExpired:
            code = None
        finally:
            process.kill()
            process.wait()
        seconds = perf_counter() - started
        if code:
            raise RuntimeError(f"the measurement {task} ended with code {code}")
        return Measured(tuple(_rows(result)), seconds, complete=code == 0)


def clean_environment(folder: Path, more: Mapping[str, str]) -> dict[str, str]:
    """This process's environment without its bot settings: defaults, a database in `folder`, and what is given."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("BHYT_")}
    settings = folder / "defaults.toml"
    settings.touch()
    return {
        **inherited,
        "PYTHONPATH": os.pathsep.join(filter(None, [str(REPOSITORY), inherited.get("PYTHONPATH")])),
        "BHYT_CONFIG": str(settings),
        "BHYT_DATABASE__URL": f"sqlite:///{(folder / 'bench.sqlite3').as_posix()}",
        "BHYT_LOG__LEVEL": "warning",
        **more,
    }


def run(task: str, result: Path, parameters: Mapping[str, Any]) -> None:
    """What the fresh process does: each row of the task to the result file, with the memory held at most until then."""
    if task in ON_ONE_CORE:
        stay_on_one_core()
    module, _, name = TASKS[task].partition(":")
    function: Task = getattr(import_module(f"bot.evaluation.{module}"), name)
    with result.open("w", encoding="utf-8") as file:
        for row in function(**parameters):
            file.write(json.dumps({**row, "peak": peak_memory()}) + "\n")
            file.flush()


def _rows(result: Path) -> Iterator[Row]:
    if not result.exists():
        return
    for line in result.read_text(encoding="utf-8").splitlines():
        with suppress(json.JSONDecodeError):  # the last one, when the process was stopped while writing it
            yield json.loads(line)


if __name__ == "__main__":
    run(sys.argv[1], Path(sys.argv[2]), json.loads(sys.argv[3]))
