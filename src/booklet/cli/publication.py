"""``booklet new`` and ``booklet schema``."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from booklet.cli.output import say, tell, tell_json
from booklet.errors import Diagnostic, Findings, InputError, Place, Severity, clean

if TYPE_CHECKING:
    from booklet.theme import Theme

Folder = Annotated[Path, typer.Argument(help="Folder of the new publication; it must not exist.")]
ThemeName = Annotated[
    Optional[str],  # noqa: UP045 - typer reads the annotation
    typer.Option("--theme", help="Theme of the new publication, which starts from its sample."),
]

HEADER = """\
# yaml-language-server: $schema=booklet.schema.json
# Every key is described in the schema beside this file; write it anew with: booklet schema
title: {title}
language: zh-Hans
contributors:
  - {{name: 编者姓名, role: com}}   # MARC: aut 著者, com 编选, edt 编辑, trl 译者 …
manuscript: manuscript.md
theme: {theme}
# layout: {{trim: 大32开}}           # 开本；不写则用主题自己的：A5, 小32开, 16开 … 或 140x203mm
editions: [screen, ebook]
"""

MANUSCRIPT = """\
> **【编前语】**这里写编者的话：为什么编这本小册，怎样编，给谁读。

## 第一辑

把第一段文字放在这里。段落之间空一行。

——2026年1月1日，在新书发布会上的讲话

再放一段。每段文字之后，以破折号起头的一行说明时间与场合。

——2026年2月1日，致读者的信

## 第二辑

短句会排得大一些。

——李白
"""


def new(folder: Folder, theme: ThemeName = None) -> None:
    """Start a publication that builds at once."""
    from booklet.manuscript import header_schema

    opened = _theme(theme or "reader")
    if folder.exists():
        raise _refusal("folder-exists", str(folder), "this already exists", "choose another name")
    sample = opened.sample if theme else None
    files = _copy_of(sample) if sample else _skeleton(folder.name, opened.name)
    schema = json.dumps(header_schema(), ensure_ascii=False, indent=2) + "\n"
    files["booklet.schema.json"] = schema.encode("utf-8")
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        tell(path)
    name = shlex.quote(str(folder))
    say(f"next: booklet build {name}, or booklet preview {name}")


def _theme(name: str) -> Theme:
    from booklet.theme import open_theme, theme_names

    known, nowhere = theme_names(Path("/nonexistent")), Path("/nonexistent")
    if name not in known:
        hint = f"one of: {', '.join(known)}"
        raise _refusal("theme-unknown", "--theme", f"there is no theme {name!r}", hint)
    findings = Findings()
    theme = open_theme(name, nowhere, ({}, {}), lambda *_: Place("--theme"), findings)
    if theme is None:
        msg = "no publication was made"
        raise InputError(msg, findings)
    return theme


def _skeleton(name: str, theme: str) -> dict[str, bytes]:
    shown = "".join(char for char in name if clean(char) == char)
    title = re.sub(r"[:#{}\[\]\"'&*!|>%@`]", "", shown) or "新的小册"
    header = HEADER.format(title=json.dumps(title, ensure_ascii=False), theme=theme)
    return {"booklet.yaml": header.encode("utf-8"), "manuscript.md": MANUSCRIPT.encode("utf-8")}


def _copy_of(sample: Path) -> dict[str, bytes]:
    """Read the files of a sample, without what a build left in it."""
    files = {}
    for path in sorted(sample.rglob("*")):
        name = path.relative_to(sample)
        kept = not name.parts[0].startswith(".") and name.parts[0] != "build"
        if kept and path.is_file() and path.resolve().is_relative_to(sample.resolve()):
            files[name.as_posix()] = path.read_bytes()
    lines = files["booklet.yaml"].decode("utf-8").splitlines(keepends=True)
    if lines[0].startswith("# yaml-language-server"):
        lines = lines[1:]
    head = HEADER.partition("title:")[0]
    files["booklet.yaml"] = (head + "".join(lines)).encode("utf-8")
    return files


def schema() -> None:
    """Print the JSON Schema of booklet.yaml, for completion in an editor."""
    from booklet.manuscript import header_schema

    tell_json(header_schema())


def _refusal(code: str, place: str, message: str, hint: str) -> InputError:
    found = Diagnostic(Place(place), Severity.ERROR, code, message, hint)
    msg = "no publication was made"
    return InputError(msg, (found,))
