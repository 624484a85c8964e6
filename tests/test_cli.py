"""The command line: results on stdout, findings on stderr, and what the exit status says."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
from pydantic import BaseModel
from tests.conftest import SAMPLE, Command, Result, environment, write_publication

import booklet.build
from booklet import __version__
from booklet.cli import main
from booklet.fonts import open_shelf, shelf

SHORT = (
    "# 书名\n\n## 甲\n\n书卷多情似故人，晨昏忧乐每相亲。\n\n——李白\n\n"
    "## 乙\n\n东风花柳逐时新。\n\n——杜甫\n"
)
SHOUTING = SHORT.replace("# 书名", "# 另一个书名", 1)
"""Its title is not that of the header, which is worth a warning."""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return write_publication(tmp_path / "book", SHORT, title="书名", title_lines=None)


@pytest.fixture
def loud(tmp_path: Path) -> Path:
    return write_publication(tmp_path / "loud", SHOUTING, title="书名", title_lines=None)


@pytest.fixture
def no_fonts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine without fonts."""
    monkeypatch.setattr(shelf, "SYSTEM_FOLDERS", ())
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path))


def start(*words: object, **changes: str | None) -> subprocess.Popen[str]:
    """Start the command line as a process of its own, without a terminal."""
    return subprocess.Popen(
        [sys.executable, "-m", "booklet", *map(str, words)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True,
        env=environment(**changes),
    )  # fmt: skip


# ---- the whole ---------------------------------------------------------------------------------


def test_version(booklet_: Command) -> None:
    assert booklet_("--version") == Result(0, f"booklet {__version__}\n", "")


@pytest.mark.parametrize(
    "words",
    [
        [], ["build"], ["impose"], ["new"], ["schema"], ["doctor"], ["clean"], ["theme"],
        ["theme", "list"], ["fonts"], ["fonts", "list"], ["fonts", "check"], ["fonts", "install"],
    ],
)  # fmt: skip
def test_every_command_explains_itself(booklet_: Command, words: list[str]) -> None:
    result = booklet_(*words, "--help")
    assert result.status == 0
    assert "Usage: booklet" in result.out
    assert result.err == ""


@pytest.mark.parametrize(
    "words",
    [
        ["nonsense"], ["build", "--nonsense"], ["build", "a", "b"], ["new"], ["theme", "nonsense"],
        ["fonts", "install"], ["build", "--edition"], ["clean", "x"],
    ],
)  # fmt: skip
def test_wrong_usage_is_wrong_input(booklet_: Command, words: list[str]) -> None:
    result = booklet_(*words)
    assert result.status == 2
    assert result.out == ""
    assert result.err


def test_a_module_runs_as_the_script_does() -> None:
    process = start("--version")
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (0, f"booklet {__version__}\n", "")


# ---- build -------------------------------------------------------------------------------------


def test_build_prints_the_paths(booklet_: Command, book: Path, tmp_path: Path) -> None:
    result = booklet_("build", book, "--out", tmp_path / "out")
    names = [tmp_path / "out" / "book" / f"book{suffix}" for suffix in (".pdf", ".epub")]
    assert result == Result(0, "".join(f"{name}\n" for name in names), "")
    assert all(name.stat().st_size > 1000 for name in names)
    assert all(name.stat().st_mode & 0o777 == 0o644 for name in names)
    assert sorted(path.name for path in names[0].parent.iterdir()) == ["book.epub", "book.pdf"]


@pytest.mark.parametrize(
    ("words", "suffixes"),
    [
        (["-e", "ebook"], [".epub"]),
        (["--edition", "screen"], [".pdf"]),
        (["-e", "ebook", "-e", "screen", "-e", "ebook"], [".epub", ".pdf"]),
    ],
)
def test_build_makes_the_editions_asked_for(
    booklet_: Command, book: Path, tmp_path: Path, words: list[str], suffixes: list[str]
) -> None:
    result = booklet_("build", book, "-o", tmp_path / "out", *words)
    assert [Path(line).suffix for line in result.lines] == suffixes


def test_build_makes_the_editions_of_the_header(booklet_: Command, tmp_path: Path) -> None:
    book = write_publication(
        tmp_path / "book", SHORT, title="书名", title_lines=None, editions=["ebook"]
    )
    result = booklet_("build", book, "-o", tmp_path / "out")
    assert [Path(line).suffix for line in result.lines] == [".epub"]


def test_build_takes_a_header_a_file_or_this_folder(
    booklet_: Command, book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    assert booklet_("build", book / "booklet.yaml", "-o", out, "-e", "screen").status == 0
    assert booklet_("build", book / "manuscript.md", "-o", out, "-e", "screen").status == 0
    monkeypatch.chdir(book)
    result = booklet_("build", "-e", "screen")
    assert result.lines == ["build/book/book.pdf"]


def test_build_as_json(booklet_: Command, loud: Path, tmp_path: Path) -> None:
    result = booklet_("build", loud, "-o", tmp_path / "out", "--json", "-e", "screen")
    report = json.loads(result.out)
    assert (result.status, result.err) == (0, "")
    assert report["ok"] is True
    assert (report["slug"], report["title"]) == ("loud", "书名")
    (output,) = report["outputs"]
    assert output["edition"] == "screen"
    assert Path(output["path"]).stat().st_size == output["bytes"]
    assert output["pages"] > 5
    (finding,) = report["diagnostics"]
    assert (finding["severity"], finding["code"]) == ("warning", "title-differs")
    assert (finding["line"], finding["file"]) == (1, f"{loud}/manuscript.md")


def test_build_tells_warnings_and_goes_on(booklet_: Command, loud: Path, tmp_path: Path) -> None:
    result = booklet_("build", loud, "-o", tmp_path / "out", "-e", "screen")
    assert result.status == 0
    assert len(result.lines) == 1
    assert result.err.startswith(f"{loud}/manuscript.md:1:1: warning[title-differs]: ")


def test_strict_lets_warnings_fail(booklet_: Command, loud: Path, tmp_path: Path) -> None:
    result = booklet_("build", loud, "-o", tmp_path / "out", "-e", "screen", "--strict")
    assert (result.status, result.out) == (1, "")
    assert "warning[title-differs]" in result.err
    assert not (tmp_path / "out" / "loud").exists()
    report = booklet_("build", loud, "-o", tmp_path / "out", "-e", "screen", "--strict", "--json")
    assert report.status == 1
    assert json.loads(report.out)["ok"] is False


def test_strict_passes_what_is_clean(booklet_: Command, book: Path, tmp_path: Path) -> None:
    assert booklet_("build", book, "-o", tmp_path / "out", "-e", "ebook", "--strict").status == 0


def test_an_unknown_edition(booklet_: Command, book: Path) -> None:
    result = booklet_("build", book, "-e", "print", "-e", "screen")
    assert (result.status, result.out) == (2, "")
    assert "--edition: error[edition-unknown]: " in result.err
    assert "screen, ebook" in result.err


@pytest.mark.parametrize("path", ["nowhere", ".", "nowhere/booklet.yaml"])
def test_a_missing_publication(
    booklet_: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = booklet_("build", path)
    assert (result.status, result.out) == (2, "")
    assert "error[publication-missing]" in result.err
    report = booklet_("build", path, "--json")
    assert report.status == 2
    parsed = json.loads(report.out)
    assert (parsed["ok"], parsed["outputs"]) == (False, [])
    assert parsed["error"]
    assert report.err == ""


def test_a_failing_build_leaves_the_earlier_files(
    booklet_: Command, book: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert booklet_("build", book, "-o", out).status == 0
    before = {path: path.read_bytes() for path in (out / "book").iterdir()}
    (book / "manuscript.md").write_text(SHORT + "\n![图](images/none.png)\n", encoding="utf-8")
    assert booklet_("build", book, "-o", out).status == 2
    (book / "manuscript.md").write_text(SHORT, encoding="utf-8")
    (book / "templates").mkdir()
    css = ".half-title { background: url(none.png) }"
    (book / "templates" / "print-extra.css").write_text(css, encoding="utf-8")
    assert booklet_("build", book, "-o", out).status == 1
    assert {path: path.read_bytes() for path in (out / "book").iterdir()} == before


def test_findings_are_told_in_order_of_place(booklet_: Command, book: Path) -> None:
    text = SHORT + "\n![图](images/none.png)\n\n[^1]\n\n![图](images/neither.png)\n"
    (book / "manuscript.md").write_text(text, encoding="utf-8")
    result = booklet_("build", book)
    places = [line.split(": ")[0] for line in result.err.splitlines() if "error[" in line]
    numbers = [int(place.split(":")[1]) for place in places]
    assert numbers == sorted(numbers)
    assert len(numbers) >= 2


def test_a_message_cannot_move_the_cursor(booklet_: Command, tmp_path: Path) -> None:
    result = booklet_("build", tmp_path / "a\x1b[2J\u202eb")
    assert result.status == 2
    assert "\x1b" not in result.err
    assert "\u202e" not in result.err


@pytest.mark.parametrize("words", [[], ["--json"]])
def test_an_output_folder_that_is_a_file(
    booklet_: Command, book: Path, tmp_path: Path, words: list[str]
) -> None:
    (tmp_path / "out").write_text("", encoding="utf-8")
    result = booklet_("build", book, "-e", "ebook", "-o", tmp_path / "out", *words)
    assert result.status == 3
    assert str(tmp_path / "out") in result.err
    assert "a fault of booklet" not in result.err


# ---- faults, and ends that are no fault ----------------------------------------------------------


def test_a_crash_is_told_without_a_traceback(
    booklet_: Command, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: Any, **__: Any) -> NoReturn:
        raise RuntimeError("something\x1b[31m broke")

    monkeypatch.setattr(booklet.build, "prepare", crash)
    result = booklet_("build", book)
    assert (result.status, result.out) == (3, "")
    assert "a fault of booklet itself: RuntimeError: something\\u001b[31m broke" in result.err
    assert "BOOKLET_TRACEBACK=1" in result.err


def test_a_traceback_is_there_for_who_asks(
    booklet_: Command, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: Any, **__: Any) -> NoReturn:
        raise RuntimeError("something broke")

    monkeypatch.setattr(booklet.build, "prepare", crash)
    monkeypatch.setenv("BOOKLET_TRACEBACK", "1")
    monkeypatch.setattr(sys, "argv", ["booklet", "build", str(book)])
    with pytest.raises(RuntimeError, match="something broke"):
        main()


def test_an_interrupt_is_told(
    booklet_: Command, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: Any, **__: Any) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr(booklet.build, "prepare", interrupt)
    result = booklet_("build", book)
    assert (result.status, result.out) == (130, "")
    assert result.err == "stopped; the previous outputs are untouched\n"


SLOW = """
import sys, time
import booklet.build
from booklet.cli import main
from booklet.editions.making import EDITIONS
from booklet.editions.run import Made

def put(path, data):
    print("ready", flush=True)
    time.sleep(60)

EDITIONS["screen"] = lambda _: [Made("screen", ".pdf", b"", 0)]
booklet.build.put = put
main()
"""


def test_an_interrupted_process_leaves_nothing_behind(book: Path, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW, "build", str(book), "-e", "screen", "-o", str(tmp_path)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(),
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert err == "stopped; the previous outputs are untouched\n"
    assert not list(tmp_path.rglob("*.p*"))


@pytest.mark.parametrize("words", [["schema"], ["fonts", "list"], ["doctor"]])
def test_a_reader_that_leaves_is_no_fault(words: list[str]) -> None:
    read, write = os.pipe()
    os.close(read)
    process = subprocess.run(
        [sys.executable, "-m", "booklet", *words],
        stdout=write, stderr=subprocess.PIPE, check=False, env=environment(),
    )  # fmt: skip
    os.close(write)
    assert process.stderr == b""
    assert process.returncode == 0


def test_no_progress_without_a_terminal(book: Path, tmp_path: Path) -> None:
    process = start("build", book, "-e", "ebook", "-o", tmp_path / "out")
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0
    assert err == ""
    assert out == f"{tmp_path}/out/book/book.epub\n"


def test_progress_goes_to_the_terminal(book: Path, tmp_path: Path) -> None:
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "booklet", "build", str(book), "-e", "ebook", "-o", str(tmp_path)],
        stdout=subprocess.PIPE, stderr=theirs, env=environment(TERM="xterm"),
    )  # fmt: skip
    os.close(theirs)
    told = b"".join(_until_closed(ours))
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert out.decode() == f"{tmp_path}/book/book.epub\n"
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", told.decode())
    assert re.search(r"✓ pack the EPUB \d\.\d s", plain)


def _until_closed(handle: int) -> Iterator[bytes]:
    while True:
        try:
            data = os.read(handle, 4096)
        except OSError:  # what Linux says when the other end is closed
            break
        if not data:
            break
        yield data
    os.close(handle)


# ---- new, schema -------------------------------------------------------------------------------


def test_new_makes_what_builds(booklet_: Command, tmp_path: Path) -> None:
    folder = tmp_path / "my-booklet"
    result = booklet_("new", folder, "--theme", "reader")
    assert result.status == 0
    assert result.lines == [
        str(folder / name) for name in ("booklet.yaml", "manuscript.md", "booklet.schema.json")
    ]
    built = booklet_("build", folder, "-o", tmp_path / "out", "--strict")
    assert (built.status, built.err) == (0, "")
    assert [Path(line).name for line in built.lines] == ["my-booklet.pdf", "my-booklet.epub"]


def test_new_leaves_the_page_to_the_theme(booklet_: Command, tmp_path: Path) -> None:
    booklet_("new", tmp_path / "mine")
    lines = (tmp_path / "mine/booklet.yaml").read_text("utf-8").splitlines()
    assert "theme: reader" in lines
    assert not any(line.startswith("layout") for line in lines)


@pytest.mark.parametrize("name", ["我的 小册", "a: b #c", "'quotes\"", "-dash", "{{ x }}", "null"])
def test_new_takes_any_name(
    booklet_: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert booklet_("new", "--", name).status == 0
    built = booklet_("build", "-o", "out", "-e", "ebook", "--", name)
    assert (built.status, built.err) == (0, "")


def test_new_refuses_what_exists(booklet_: Command, book: Path) -> None:
    before = (book / "manuscript.md").read_bytes()
    result = booklet_("new", book)
    assert (result.status, result.out) == (2, "")
    assert "error[folder-exists]" in result.err
    assert (book / "manuscript.md").read_bytes() == before


def test_new_refuses_an_unknown_theme(booklet_: Command, tmp_path: Path) -> None:
    result = booklet_("new", tmp_path / "new", "--theme", "nonsense")
    assert result.status == 2
    assert "error[theme-unknown]" in result.err
    assert not (tmp_path / "new").exists()


def test_the_schema_describes_the_header(booklet_: Command) -> None:
    result = booklet_("schema")
    schema = json.loads(result.out)
    assert (result.status, result.err) == (0, "")
    assert schema["$schema"].startswith("https://json-schema.org/")
    assert schema["type"] == "object"
    from booklet.model.header import Header

    names = {field.alias or name for name, field in Header.model_fields.items()}
    assert names <= schema["properties"].keys()
    assert schema["additionalProperties"] is False
    assert all(key in _definitions(schema) for key in _references(schema))


def test_the_schema_accepts_the_sample(booklet_: Command) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    from ruamel.yaml import YAML

    schema = json.loads(booklet_("schema").out)
    jsonschema.Draft202012Validator.check_schema(schema)
    header = YAML(typ="safe", pure=True).load(SAMPLE / "booklet.yaml")
    jsonschema.validate(header, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(header | {"titel": "x"}, schema)


def _definitions(schema: dict[str, Any]) -> set[str]:
    return {f"#/$defs/{name}" for name in schema.get("$defs", {})}


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "$ref":
                yield inner
            else:
                yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)


def test_models_are_closed() -> None:
    from booklet.model import header

    models = [item for item in vars(header).values() if isinstance(item, type)]
    own = [item for item in models if issubclass(item, BaseModel) and item is not BaseModel]
    assert own
    assert all(model.model_config.get("extra") == "forbid" for model in own)


# ---- themes and fonts ----------------------------------------------------------------------------


def test_theme_list(booklet_: Command) -> None:
    result = booklet_("theme", "list")
    assert result.status == 0
    rows = [line.split("\t") for line in result.lines]
    assert ["reader", "学习读本"] in [row[:2] for row in rows]
    assert all(len(row) == 4 and all(row) for row in rows)


def test_fonts_list(booklet_: Command) -> None:
    result = booklet_("fonts", "list")
    rows = [line.split("\t") for line in result.lines]
    assert result.status == 0
    assert [row[0] for row in rows] == sorted(row[0] for row in rows)
    assert all(len(row) == 5 for row in rows)
    assert "Noto Serif CJK SC" in [row[0] for row in rows]


def test_fonts_check(booklet_: Command) -> None:
    result = booklet_("fonts", "check")
    assert (result.status, result.out) == (0, "")
    assert "error[" not in result.err


@pytest.mark.usefixtures("no_fonts")
def test_without_fonts(booklet_: Command, book: Path) -> None:
    result = booklet_("fonts", "check")
    assert result.status == 1
    assert "error[font-missing]: no font file has the family Noto Serif CJK SC" in result.err
    assert booklet_("fonts", "list").out == ""
    built = booklet_("build", book)
    assert built.status == 2
    assert "error[font-missing]" in built.err
    assert "hint: " in built.err
    ill = booklet_("doctor")
    assert ill.status == 3
    assert "missing  font Noto Serif CJK SC" in ill.out


def test_doctor_on_a_good_machine(booklet_: Command) -> None:
    result = booklet_("doctor")
    assert (result.status, result.err) == (0, "")
    assert all(line.startswith("ok ") for line in result.lines)
    assert any("Pango 1." in line for line in result.lines)


@pytest.fixture
def font() -> Path:
    found = open_shelf().family("LXGW WenKai")
    assert found is not None
    return found.faces[0].path


def test_fonts_install_for_all_publications(
    booklet_: Command, font: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path))
    result = booklet_("fonts", "install", font)
    assert (result.status, result.err) == (0, "")
    assert result.out.startswith("LXGW WenKai")
    (installed,) = (tmp_path / "data").rglob("*.ttf")
    assert installed.read_bytes() == font.read_bytes()
    assert installed.stat().st_mode & 0o777 == 0o644
    again = booklet_("fonts", "install", font)
    assert again.status == 0
    installed.write_bytes(b"another")
    other = booklet_("fonts", "install", font)
    assert other.status == 2
    assert "error[font-exists]" in other.err
    assert installed.read_bytes() == b"another"


def test_fonts_install_for_one_publication(booklet_: Command, font: Path, book: Path) -> None:
    assert booklet_("fonts", "install", font, "--publication", book).status == 0
    assert [path.name for path in (book / "fonts").iterdir()] == [font.name]
    assert booklet_("fonts", "check", "-p", book).status == 0
    assert booklet_("fonts", "list", "-p", book).status == 0


def test_fonts_install_refuses_what_is_no_font(booklet_: Command, tmp_path: Path) -> None:
    false = tmp_path / "false.ttf"
    false.write_bytes(b"no font")
    for path in (false, tmp_path / "none.otf"):
        result = booklet_("fonts", "install", path, "-p", tmp_path)
        assert (result.status, result.out) == (2, "")
        assert "error[font-broken]" in result.err
    assert not (tmp_path / "fonts").exists()


def test_fonts_install_of_an_unknown_family(booklet_: Command) -> None:
    result = booklet_("fonts", "install", "No Such Family")
    assert (result.status, result.out) == (3, "")
    assert "No Such Family" in result.err


def test_fonts_install_of_a_package_says_the_command(
    booklet_: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[list[str]] = []

    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        ran.append(command)
        return subprocess.CompletedProcess(command, 1)

    monkeypatch.setattr("booklet.fonts.package_command", lambda _: ["sh", "-c", "exit 1"])
    monkeypatch.setattr("subprocess.run", run)
    result = booklet_("fonts", "install", "LXGW WenKai")
    assert ran == [["sh", "-c", "exit 1"]]
    assert result.status == 3
    assert "sh -c 'exit 1'" in result.err


# ---- clean ---------------------------------------------------------------------------------------


def test_clean_removes_outputs(booklet_: Command, tmp_path: Path) -> None:
    out = tmp_path / "out"
    for name in ("book.pdf", "book.epub", ".x1y2.part"):
        (out / "book").mkdir(parents=True, exist_ok=True)
        (out / "book" / name).write_bytes(b"x")
    (out / ".cache" / "pieces" / "ab").mkdir(parents=True)
    (out / ".cache" / "pieces" / "ab" / "cd").write_bytes(b"x")
    result = booklet_("clean", "--out", out)
    assert result == Result(0, f"{out}/.cache/pieces\n{out}/book\n", "")
    assert list(out.iterdir()) == []


def test_clean_keeps_what_others_made(booklet_: Command, tmp_path: Path) -> None:
    out = tmp_path / "out"
    kept = {
        "notes/notes.txt", "letters/contract.pdf", "mixed/mixed.pdf", "mixed/draft.md",
        ".cache/other/x.json", "data/data.json", "deep/deep/deep.pdf", "loose.pdf",
    }  # fmt: skip
    for name in kept:
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_bytes(b"x")
    (out / "empty").mkdir()
    result = booklet_("clean", "-o", out)
    assert (result.status, result.out) == (0, "")
    assert {str(path.relative_to(out)) for path in out.rglob("*") if path.is_file()} == kept
    assert (out / "empty").is_dir()


def test_clean_goes_through_no_link(booklet_: Command, tmp_path: Path) -> None:
    out, far = tmp_path / "out", tmp_path / "far" / "book"
    far.mkdir(parents=True)
    (far / "book.pdf").write_bytes(b"x")
    (out / "linked").mkdir(parents=True)
    (out / "book").symlink_to(far)
    (out / "linked" / "linked.pdf").symlink_to(far / "book.pdf")
    (out / "linked" / "inner").symlink_to(far)
    assert booklet_("clean", "-o", out).status == 0
    assert (far / "book.pdf").read_bytes() == b"x"
    assert (out / "book").is_symlink()


def test_clean_has_nothing_to_do(booklet_: Command, tmp_path: Path) -> None:
    assert booklet_("clean", "-o", tmp_path / "none") == Result(0, "", "")
