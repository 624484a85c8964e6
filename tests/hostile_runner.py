"""Run hostile inputs one after another in this process, which is limited, and report on each.

``python -m tests.hostile_runner FOLDER START STEP`` runs every STEP-th case and prints a line of
JSON for each.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import resource
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NoReturn

from tests.hostile_inputs import SECRET, Case, cases, svg

from booklet.cli import main

MEMORY = 3 << 30
SECONDS = 20


RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Characters that no message may send to a terminal."""


class Hang(BaseException):
    """A case took too long."""


def stop(*_: Any) -> NoReturn:
    raise Hang


class Watch:
    """Notes sockets, and files opened for writing where none should be."""

    def __init__(self, allowed: Path) -> None:
        cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
        self.allowed = (str(allowed), os.devnull, cache)
        self.seen: list[str] = []
        self.on = False

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.on:
            return
        if event.startswith("socket."):
            self.seen.append(event)
        elif event == "open" and isinstance(arguments[0], (str, bytes)):
            writes = (arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
            path = os.path.realpath(os.fsdecode(arguments[0]))
            if writes and not path.startswith(self.allowed):
                self.seen.append(f"write {path}")
        elif event in {"subprocess.Popen", "os.system", "os.exec"}:
            self.seen.append(f"{event} {arguments[0]}")


def secrets(folder: Path) -> None:
    (folder / "secret.md").write_text(f"## 丙\n\n{SECRET}\n", "utf-8")
    (folder / "secret.html").write_text(f"<p>{SECRET}</p>", "utf-8")
    (folder / "secret.svg").write_text(svg(f"<text>{SECRET}</text>"), "utf-8")
    (folder / "secret.yaml").write_text(f"- title: {SECRET}\n", "utf-8")
    (folder / "secret.png").write_bytes(b"\x89PNG\r\n\x1a\n" + SECRET.encode())
    (folder / "theme").mkdir()
    (folder / "theme" / "theme.yaml").write_text("extends: reader\n", "utf-8")


def listing(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def run(case: Case, home: Path, watch: Watch) -> dict[str, object]:
    folder = home / case.name.replace(" ", "-").replace(",", "")
    case.write(folder)
    secrets(folder)
    (folder / "out").mkdir()
    os.chdir(folder)
    before = listing(folder)
    names = {"BOOK": "book", "OUT": "out"}
    words = [word for part in case.command for word in [part]]
    words = [
        f"{names.get(w.partition('/')[0], w.partition('/')[0])}{w[len(w.partition('/')[0]) :]}"
        for w in words
    ]
    sys.argv = ["booklet", *words]
    out, err = io.StringIO(), io.StringIO()
    status: object = "none"
    began = time.process_time()
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    watch.seen, watch.on = [], True
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            main()
    except SystemExit as end:
        status = end.code or 0
    except BaseException as error:
        status = f"{type(error).__name__}: {error}"[:300]
    finally:
        watch.on = False
        signal.setitimer(signal.ITIMER_PROF, 0)
    # What a build keeps for the next one is no output.
    made = [name for name in listing(folder) if name not in before and "/.cache" not in name]
    text = out.getvalue() + err.getvalue()
    held = any(
        SECRET.encode() in path.read_bytes()
        for path in (folder / "out").rglob("*") if path.is_file()
    )  # fmt: skip
    return {
        "name": case.name, "status": status, "made": made, "seen": watch.seen,
        "out": out.getvalue()[:4_000], "err": err.getvalue()[:20_000],
        "seconds": round(time.process_time() - began, 2),
        "leak": held or SECRET in text,
        "raw": sorted(set(RAW.findall(text))),
    }  # fmt: skip


def go(home: Path, start: int, step: int) -> None:
    os.environ["BOOKLET_NO_WORKER"] = "1"
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGPROF, stop)
    import weasyprint.text.ffi  # looks for its libraries by a program

    assert weasyprint.text.ffi
    tempfile.tempdir = tempfile.mkdtemp(dir=home)
    watch = Watch(home)
    sys.addaudithook(watch)
    for case in cases()[start::step]:
        sys.stdout.write(json.dumps(run(case, home, watch)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    go(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
