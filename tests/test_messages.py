r"""Nothing of a stranger's moves the cursor: neither a name of a file nor a text, in any command.

Names and texts hold escape sequences, C1 controls, a line break, direction controls and a byte that
is no UTF-8. What a program reads as JSON says them as they are, in ASCII.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import unicodedata
import zipfile
from pathlib import Path

import pytest
from tests.conftest import environment
from tests.hostile_inputs import MANUSCRIPT
from tests.numbered import numbered

EVIL = "a\x1b]0;x\x07\x1b[31m\u202eb\x9bc\nok: d\udcff"
"""The last is how Python says a byte that is no UTF-8."""

RAW = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files and folders of that name, of every kind that a command takes."""
    home = tmp_path_factory.mktemp("messages")
    book = home / EVIL
    (book / "themes" / "mine").mkdir(parents=True)
    (book / "themes" / "mine" / "theme.yaml").write_text(
        f"extends: reader\nlabel: {{zh: {json.dumps('题' + EVIL[:-1])}, en: x}}\n"
        f"description: {{zh: {json.dumps('述' + EVIL[:-1])}, en: x}}\n", "utf-8",
    )  # fmt: skip
    (book / "booklet.yaml").write_text(
        json.dumps({"title": "书名", "manuscript": f"{EVIL[:-1]}.md", "theme": "mine"}), "utf-8"
    )
    words = MANUSCRIPT + f"\n![图](images/{EVIL[:8]}.png)\n\n[链]({EVIL[:3]}javascript:x)\n"
    (book / f"{EVIL[:-1]}.md").write_text(words, "utf-8", "surrogateescape")
    whole = home / "whole"
    whole.mkdir()
    (whole / "booklet.yaml").write_text('{"title": "书名", "manuscript": "m.md"}', "utf-8")
    (whole / "m.md").write_text(MANUSCRIPT, "utf-8")
    (home / f"{EVIL}.pdf").write_bytes(numbered(4))
    (home / f"{EVIL}-2.pdf").write_bytes(b"no PDF")
    (home / f"{EVIL}.ttf").write_bytes(b"no font")
    (home / f"{EVIL}.csv").write_text(
        f'slug,title,{EVIL[:8]}\n"{EVIL[:8]}",b,c\nfine,"{EVIL[:8]}",d\n',
        "utf-8",
        "replace",
        newline="",
    )
    with zipfile.ZipFile(home / f"{EVIL}.epub", "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("META-INF/container.xml", "<x/>")
        archive.writestr(f"OEBPS/{EVIL[:-1]}.xhtml", "<x>")
    return home


COMMANDS = (
    ("build", EVIL), ("build", EVIL, "--json"), ("build", f"{EVIL}x"),
    ("build", "whole", "-e", "screen", "-o", f"{EVIL}-out"),
    ("build", "whole", "-e", EVIL), ("build", "whole", "--limit", EVIL),
    ("build", "whole", f"--{EVIL}"), (EVIL,),
    ("batch", f"{EVIL}.csv", "whole", "-o", "out", "-e", "screen", "-j", "1"),
    ("batch", f"{EVIL}x.csv", "whole", "-o", "out", "--json"),
    ("check", f"{EVIL}.epub"), ("check", f"{EVIL}.epub", "--json"), ("check", f"{EVIL}-2.pdf"),
    ("preflight", f"{EVIL}.pdf", "--fast"), ("preflight", f"{EVIL}.pdf", "--fast", "--json"),
    ("preflight", f"{EVIL}-2.pdf", "--fast"), ("preflight", f"{EVIL}x.pdf"),
    ("preflight", f"{EVIL}.pdf", "--trim", EVIL),
    ("impose", f"{EVIL}.pdf"), ("impose", f"{EVIL}.pdf", "--json"), ("impose", f"{EVIL}-2.pdf"),
    ("impose", f"{EVIL}.pdf", "--sheet", EVIL), ("impose", f"{EVIL}x.pdf"),
    ("theme", "list", "-p", EVIL), ("theme", "list", "-p", EVIL, "--json"),
    ("theme", "show", "mine", "-p", EVIL), ("theme", "show", EVIL), ("theme", "diff", "-p", EVIL),
    ("theme", "eject", "print.css", "-p", EVIL), ("theme", "new", EVIL),
    ("theme", "check", EVIL), ("theme", "gallery", EVIL, "-o", "gallery"),
    ("fonts", "install", f"{EVIL}.ttf"), ("fonts", "install", EVIL),
    ("new", EVIL), ("new", f"{EVIL}-new"), ("preview", f"{EVIL}x", "--no-open"),
    ("preview", EVIL + "y", "--port", EVIL), ("clean", "--out", f"{EVIL}-out"),
)  # fmt: skip


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: " ".join(words[:2])[:20])
def test_no_command_sends_what_moves_a_cursor(words: tuple[str, ...], folder: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "booklet", *words], capture_output=True, check=False, cwd=folder,
        env=environment(), timeout=120, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    said = (ended.stdout + ended.stderr).decode("utf-8")  # which it has to be
    assert said
    assert not RAW.findall(said), said
    assert "\nok: d" not in said
    assert "Traceback" not in said
    assert "a fault of booklet" not in said
    if "--json" in words:
        json.loads(ended.stdout)


def test_json_says_names_as_they_are(folder: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "booklet", "impose", f"{EVIL}.pdf", "--json"], capture_output=True,
        check=False, cwd=folder, env=environment(),
    )  # fmt: skip
    (output,) = json.loads(ended.stdout)["outputs"]
    assert output["path"] == f"{EVIL}-saddle.pdf"
    assert (folder / output["path"]).is_file()


def test_all_that_may_do_harm_is_known() -> None:
    unsafe = {"Cc", "Cf", "Zl", "Zp"}
    from booklet.errors import clean

    for number in range(sys.maxunicode + 1):
        char = chr(number)
        if unicodedata.category(char) in unsafe:
            assert clean(char).isascii()
