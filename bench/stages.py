"""Tell where the time of a cold build goes: python bench/stages.py FOLDER.

The screen edition of a publication is built in this process, on one core, without a cache. A watch
runs for one stage at a time: a stage that calls another one stops while that one runs. Prints
processor seconds by stage as JSON. Unlike a profiler, the watch slows nothing that it measures.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import inspect
import json
import os
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

STAGES: dict[str, tuple[str, ...]] = {
    "read the manuscript, open theme and fonts": ("booklet.build:prepare",),
    "typeset: model to HTML": ("booklet.editions.counting:typeset_pages",),
    "cut into pieces, open the style sheets": (
        "booklet.output.pieced:cut",
        "booklet.output.pieced:Typesetter.__post_init__",
        "booklet.output.css_limits:refuse_hostile_sheets",
    ),
    "cascade: styles of every element": ("weasyprint.document:get_all_computed_styles",),
    "boxes": ("weasyprint.document:build_formatting_structure",),
    "layout": ("weasyprint.document:layout_document",),
    "draw": ("booklet.output.galley:draw_screen",),
    "keep in the cache": ("booklet.output.keeping:Shelf.put", "booklet.output.keeping:Shelf.get"),
    "read HTML": ("booklet.output.pieced:Typesetter._read",),
    "read pages back, each piece": ("booklet.output.pieced:Typesetter.set",),
    "order pieces, folios": ("booklet.output.pieced:set_pieces",),
    "bind: fonts, outline, structure tree": ("booklet.output.pieced:bind",),
    "prove": (
        "booklet.editions.run:compare_with_manuscript",
        "booklet.editions.run:missing_marks",
        "booklet.editions.run:compare_with_pages",
        "booklet.finish.pdf_text:read_pdf_text",
    ),
}
START = "start of Python, imports"
REST = "the rest"


class Watch:
    """Counts processor seconds for one stage at a time."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._running = [REST]
        self._since = time.process_time()

    def during(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Let the watch run for a stage while a function works."""

        @functools.wraps(function)
        def timed(*arguments: Any, **named: Any) -> Any:
            with self._at(stage):
                return function(*arguments, **named)

        @functools.wraps(function)
        def drawn(*arguments: Any, **named: Any) -> Iterator[Any]:
            given = function(*arguments, **named)
            while True:
                with self._at(stage):
                    try:
                        one = next(given)
                    except StopIteration:
                        return
                yield one

        return drawn if inspect.isgeneratorfunction(function) else timed

    @contextlib.contextmanager
    def _at(self, stage: str) -> Iterator[None]:
        self._turn()
        self._running.append(stage)
        try:
            yield
        finally:
            self._turn()
            self._running.pop()

    def _turn(self) -> None:
        now = time.process_time()
        self.seconds[self._running[-1]] += now - self._since
        self._since = now

    def stop(self) -> None:
        """Count what the last stage took."""
        self._turn()


def stage_functions() -> dict[str, list[tuple[Any, str, Callable[..., Any]]]]:
    """Find the functions of each stage: what holds it, its name in that, and the function."""
    return {stage: [_find(name) for name in names] for stage, names in STAGES.items()}


def _find(name: str) -> tuple[Any, str, Callable[..., Any]]:
    module, _, path = name.partition(":")
    holder: Any = importlib.import_module(module)
    *holders, last = path.split(".")
    for part in holders:
        holder = getattr(holder, part)
    return holder, last, getattr(holder, last)


def watch_stages(watch: Watch) -> None:
    """Put the watch around every function that is a stage."""
    for stage, functions in stage_functions().items():
        for holder, name, function in functions:
            setattr(holder, name, watch.during(stage, function))


def main() -> None:
    """Build and print."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    sys.setrecursionlimit(10_000)
    build = importlib.import_module("booklet.build")
    importlib.import_module("weasyprint")
    importlib.import_module("booklet.compose").install()  # it puts functions of its own in place
    watch = Watch()
    watch.seconds[START] = time.process_time()
    watch_stages(watch)
    with tempfile.TemporaryDirectory() as out:
        build.build(Path(sys.argv[1]), Path(out), ["screen"])
        watch.stop()
    sys.stdout.write(json.dumps({name: watch.seconds[name] for name in [START, *STAGES, REST]}))


if __name__ == "__main__":
    main()
