"""A build loads what it uses, and what the renderer seldom uses only when it does."""

from __future__ import annotations

import gc
import subprocess
import sys
import weakref
from pathlib import Path
from types import ModuleType

import pytest
from tests.conftest import environment, write_publication

from booklet.linker.declared import Declared

IDLE = [
    "fontTools.varLib", "fontTools.fontBuilder", "fontTools.otlLib", "rich.console", "opencc",
    "pypinyin", "barcode", "ebooklib", "starlette", "dask", "playwright", "pypdfium2",
    "booklet.batch", "booklet.check", "booklet.derive.edition", "booklet.editions.cover",
    "booklet.editions.ebook", "booklet.finish.press", "booklet.finish.preflight",
    "booklet.finish.imposition",
]  # fmt: skip
"""What no screen edition uses."""

BUILD = """
import sys
from pathlib import Path
from booklet.build import build
build(Path(sys.argv[1]), Path(sys.argv[2]), ["screen"])
print(*[name for name in sys.argv[3:] if name in sys.modules])
"""


def test_a_screen_edition_loads_nothing_that_it_does_not_use(tmp_path: Path) -> None:
    text = "# 书名\n\n## 甲\n\n正文。\n\n## 乙\n\n正文。\n"
    book = write_publication(tmp_path / "book", text, title="书名", title_lines=None)
    done = subprocess.run(
        [sys.executable, "-c", BUILD, str(book), str(tmp_path / "out"), *IDLE],
        check=True, stdout=subprocess.PIPE, text=True, env=environment(),
    )  # fmt: skip
    assert done.stdout.split() == []


LATER = """
from booklet.linker import defer_imports
defer_imports()
from fontTools import subset
from fontTools.varLib.instancer import instantiateVariableFont
import sys
print("fontTools.varLib" in sys.modules, type(sys.modules["fontTools.subset"]).__name__)
options = subset.Options(hinting=False)
try:
    instantiateVariableFont({}, {}, nonsense=1)
except TypeError as error:
    print("nonsense" in str(error))
from fontTools.subset import Subsetter
print(isinstance(Subsetter(options), subset.Subsetter), "fontTools.varLib" in sys.modules)
"""


def test_what_is_deferred_is_the_real_thing_when_it_is_used() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LATER], check=True, stdout=subprocess.PIPE, text=True,
        env=environment(),
    )  # fmt: skip
    assert done.stdout.split() == ["False", "_Later", "True", "True", "True"]


def test_what_is_loaded_already_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    from booklet.linker import defer_imports

    real = ModuleType("fontTools.subset")
    monkeypatch.setitem(sys.modules, "fontTools.subset", real)
    defer_imports()
    assert sys.modules["fontTools.subset"] is real


def test_the_tables_are_those_of_the_renderer() -> None:
    """If this fails, the renderer or `compose/weasy.py` declares anew: run the script."""
    root = Path(__file__).parents[1]
    code = (
        "import sys; sys.path.insert(0, 'scripts')\n"
        "import ffi_tables\n"
        "print(ffi_tables.tables(ffi_tables.declared()) == ffi_tables.TARGET.read_text('ascii'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, stdout=subprocess.PIPE, text=True, cwd=root,
        env=environment(),
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == "True"


def test_the_renderer_is_started_without_a_parser() -> None:
    code = (
        "import sys, booklet.output, weasyprint, booklet.compose\n"
        "from weasyprint.text.ffi import ffi\n"
        "print('pycparser.c_parser' in sys.modules, type(ffi).__name__)\n"
        "print(ffi.string(ffi.new('char[]', b'word')).decode(), ffi.NULL == ffi.cast('void *', 0))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, stdout=subprocess.PIPE, text=True,
        env=environment(),
    )  # fmt: skip
    assert done.stdout.split() == ["False", "Declared", "word", "True"]


def test_what_the_tables_do_not_hold_is_parsed() -> None:
    import cffi

    ffi = Declared(cffi.FFI)
    ffi.cdef("typedef struct { int pages; } leaf;")
    ffi.cdef("typedef struct { leaf leaves[2]; } sheet;")
    assert ffi.new("sheet *").leaves[1].pages == 0
    assert ffi.sizeof("sheet") == 2 * ffi.sizeof("int")


def test_a_library_stays_open_when_nothing_names_it_any_more() -> None:
    class Library:
        pass

    class Parser:
        def cdef(self, _source: str) -> None:
            pass

        def dlopen(self, _name: str) -> Library:
            return Library()

    declared = Declared(Parser)
    declared.cdef("int nothing(void);")
    library = weakref.ref(declared.dlopen("libnothing.so"))
    gc.collect()
    assert library() is not None
