"""``booklet new`` and ``booklet schema``."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Annotated

import typer

from booklet.errors import Diagnostic, InputError, Place, Severity

Folder = Annotated[Path, typer.Argument(help="Folder of the new publication; it must not exist.")]
ThemeName = Annotated[str, typer.Option("--theme", help="Theme of the new publication.")]

HEADER = """\
# yaml-language-server: $schema=booklet.schema.json
# Every key is described in the schema beside this file; write it anew with: booklet schema
title: {title}
language: zh-Hans
contributors:
  - {{name: 编者姓名, role: com}}   # MARC: aut 著者, com 编选, edt 编辑, trl 译者 …
manuscript: manuscript.md
theme: {theme}
layout:
  trim: A5                         # 大32开, 小32开, 16开 … 或 140x203mm
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


def new(folder: Folder, theme: ThemeName = "reader") -> None:
    """Start a publication that builds at once."""
    from booklet.manuscript import header_schema
    from booklet.theme import built_in_themes

    if theme not in built_in_themes():
        known = ", ".join(built_in_themes())
        raise _refusal(
            "theme-unknown", "--theme", f"there is no theme {theme!r}", f"one of: {known}"
        )
    if folder.exists():
        raise _refusal("folder-exists", str(folder), "this already exists", "choose another name")
    title = re.sub(r"[\x00-\x1f:#{}\[\]\"'&*!|>%@`]", "", folder.name) or "新的小册"
    folder.mkdir(parents=True)
    files = {
        "booklet.yaml": HEADER.format(title=json.dumps(title, ensure_ascii=False), theme=theme),
        "manuscript.md": MANUSCRIPT,
        "booklet.schema.json": json.dumps(header_schema(), ensure_ascii=False, indent=2) + "\n",
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
        typer.echo(folder / name)


def schema() -> None:
    """Print the JSON Schema of booklet.yaml, for completion in an editor."""
    from booklet.manuscript import header_schema

    typer.echo(json.dumps(header_schema(), ensure_ascii=False, indent=2))


def _refusal(code: str, place: str, message: str, hint: str) -> InputError:
    found = Diagnostic(Place(place), Severity.ERROR, code, message, hint)
    msg = "no publication was made"
    return InputError(msg, (found,))
