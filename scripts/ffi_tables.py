"""Write src/booklet/linker/tables.py: the renderer's declarations of C libraries, parsed.

    python scripts/ffi_tables.py

Run it when the renderer's version changes, or what `compose/weasy.py` declares; a test says so.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parents[1] / "src" / "booklet" / "linker" / "tables.py"
HEAD = '''"""Declarations of C libraries, parsed; written by scripts/ffi_tables.py, not by hand."""

import importlib
from typing import Any

KNOWN = frozenset({{{known}}})
"""Digests of the texts that were parsed."""

_backend: Any = importlib.import_module("_cffi_backend")
'''


def declared() -> list[str]:
    """Give the texts that the renderer, and our extension of it, declare."""
    import cffi

    texts: list[str] = []
    real = cffi.FFI.cdef

    def record(self: Any, source: str, *arguments: Any, **named: Any) -> None:
        texts.append(source)
        real(self, source, *arguments, **named)

    if "weasyprint" in sys.modules:
        msg = "its texts were read before"
        raise RuntimeError(msg)
    cffi.FFI.cdef = record
    try:
        import booklet.compose  # noqa: F401 - declares as it is loaded
    finally:
        cffi.FFI.cdef = real
    return texts


def tables(texts: list[str]) -> str:
    """Parse texts, and write what comes of them as a module."""
    import cffi

    from booklet.linker.declared import digest_of

    ffi = cffi.FFI()
    for text in texts:
        ffi.cdef(text)
    ffi.set_source("booklet.linker.tables", None)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tables.py"
        ffi.emit_python_code(str(path))
        code = path.read_text("ascii")
    known = ", ".join(f'"{digest_of(text)}"' for text in texts)
    code = code[code.index("ffi = ") :].replace("_cffi_backend.FFI", "_backend.FFI", 1)
    return HEAD.format(known=known) + code


if __name__ == "__main__":
    TARGET.write_text(tables(declared()), "ascii")
    sys.stdout.write(f"{TARGET}\n")
