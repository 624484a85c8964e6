"""A preview that runs as a user starts it, and what a program asks of it."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.conftest import environment

PATIENCE = 60.0
"""Seconds that a test waits: the machine may be busy with other tests."""

HEADER = """\
# The header of a test.
title: 山居札记   # on the cover
language: zh-Hans
manuscript: manuscript.md
theme: reader

layout:
  trim: A5       # 148 × 210 mm
tokens:
  accent: '#b3141c'   # red
  # the band
  tint: "#f7eee8"
"""

MANUSCRIPT = """\
## 第一辑

书卷多情似故人，晨昏忧乐每相亲。眼前直下三千字，胸次全无一点尘。

——2020年5月1日，在读书会上的讲话

## 第二辑

活水源流随处满，东风花柳逐时新。

——李清照
"""


def write_sample(folder: Path) -> Path:
    """Write a publication of a few pages, with a secret beside it."""
    folder.mkdir()
    (folder / "booklet.yaml").write_text(HEADER, encoding="utf-8")
    (folder / "manuscript.md").write_text(MANUSCRIPT, encoding="utf-8")
    (folder / ".env").write_text("PASSWORD=秘密", encoding="utf-8")
    (folder.parent / "secret.txt").write_text("PASSWORD=秘密", encoding="utf-8")
    return folder


@dataclass(slots=True)
class Preview:
    """A running preview."""

    process: subprocess.Popen[str]
    folder: Path
    port: int = 0
    token: str = ""
    url: str = ""

    def request(
        self, path: str, *, method: str = "GET", body: object = None, **headers: str | None
    ) -> tuple[int, dict[str, str], bytes]:
        """Ask as a program does; a header that is None is left out."""
        given: dict[str, str | None] = {
            "host": f"127.0.0.1:{self.port}", "x-booklet-token": self.token,
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }  # fmt: skip
        data = None if body is None else json.dumps(body).encode()
        if data is not None:
            given.setdefault("content-type", "application/json")
            given["content-length"] = str(len(data))
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            line.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in given.items():
                if value is not None:
                    line.putheader(name, value)
            line.endheaders(data)
            answer = line.getresponse()
            return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
        finally:
            line.close()

    def state(self) -> dict[str, Any]:
        """Give what is shown."""
        status, _, data = self.request("/state")
        assert status == 200
        found: dict[str, Any] = json.loads(data)
        return found

    def wait(self, done: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Wait until something is shown."""
        until = time.monotonic() + PATIENCE
        state = self.state()
        while not done(state):
            assert time.monotonic() < until, {**state, "book": None}
            time.sleep(0.02)
            state = self.state()
        return state

    def laid_out(self, after: int = 0) -> dict[str, Any]:
        """Wait until pages newer than a number are there, and nothing newer is to come."""
        return self.wait(
            lambda now: bool(now["number"] > after and not now["busy"] and now["error"] is None)
        )

    def proved(self) -> dict[str, Any]:
        """Wait until the newest pages are proved."""
        return self.wait(lambda now: bool(now["proved"]))

    def write(self, name: str, text: str) -> None:
        """Save a file that has changed, as a careful editor does: beside, then renamed."""
        path = self.folder / name
        if path.exists() and path.read_text("utf-8") == text:
            return
        aside = path.with_name(f".{path.name}.part")
        aside.write_text(text, encoding="utf-8")
        aside.replace(path)

    def stop(self) -> int:
        """Press Ctrl-C."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE)


@contextmanager
def running(folder: Path, *more: str) -> Iterator[Preview]:
    """Run the preview of a publication."""
    words = [sys.executable, "-m", "booklet", "preview", str(folder), "--json", *more]
    kept = environment(SOURCE_DATE_EPOCH=None)
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=kept) as process:
        preview = Preview(process, folder)
        try:
            assert process.stdout is not None
            told = json.loads(process.stdout.readline())
            preview.port, preview.token, preview.url = told["port"], told["token"], told["url"]
            yield preview
        finally:
            preview.stop()


def alive(process: int) -> bool:
    """Tell whether a process runs."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
