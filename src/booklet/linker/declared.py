"""The renderer's declarations of its C libraries, parsed beforehand.

Each start would parse some five hundred lines of C with a parser written in Python. What comes of
them is in `booklet.linker.tables`, which `scripts/ffi_tables.py` writes for the pinned renderer;
where the renderer declares anything else, it is parsed as ever.
"""

from __future__ import annotations

import ctypes
import hashlib
from typing import TYPE_CHECKING, Any


def digest_of(source: str) -> str:
    """Name a text of declarations."""
    return hashlib.sha256(source.encode("utf-8")).hexdigest()


class Declared:
    """Stands for ``cffi.FFI()``: the tables, or the parser where the tables are of something else.

    Functions of the one that works are attributes of this object, so that a call of them takes no
    longer.
    """

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...

    def __init__(self, parser: Any) -> None:
        self._parser, self._known = parser, frozenset[str]()
        self._ffi: Any = None

    def cdef(self, source: str, *arguments: Any, **named: Any) -> None:
        """Declare functions and types."""
        name = digest_of(source)
        if not self._known:
            self._begin(name)
        if name not in self._known:
            self._parser.cdef(source, *arguments, **named)

    def _begin(self, name: str) -> None:
        try:
            from booklet.linker.tables import KNOWN, ffi
        except ImportError:  # made for another version of the library that reads them
            KNOWN, ffi = frozenset(), None  # noqa: N806 - as it is named there
        if name in KNOWN:
            self._known = KNOWN
        else:
            self._known = frozenset({""})
            ffi = self._parser = self._parser()
        self._ffi = ffi
        for attribute in dir(ffi):
            if not attribute.startswith("_") and attribute not in {"cdef", "dlopen"}:
                setattr(self, attribute, getattr(ffi, attribute))

    def dlopen(self, *arguments: Any, **named: Any) -> Any:
        """Open a library for good.

        The tables' own way closes it with its last reference. When Python ends, that may be before
        the last object whose end is the library's business, which then calls into nothing.
        """
        library = self._ffi.dlopen(*arguments, **named)
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(library))
        return library
