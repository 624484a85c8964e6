"""Spare the start of every run a search for libraries that are found anyway, and idle imports.

The renderer asks for each of its libraries under several names, and the search for a name that does
not exist starts the linker and the compiler: 86 processes before the first page. On Linux the last
of its names is that of the file, which the loader finds by itself. It also loads what cuts fonts in
ways that a book seldom needs, and parses its declarations of C anew each time.
"""

from __future__ import annotations

import ctypes.util
import importlib
import sys
from importlib.abc import MetaPathFinder
from types import ModuleType
from typing import Any

_ASKED = ("gobject", "pango", "harfbuzz", "fontconfig", "pangoft2")


def spare_searches() -> None:
    """Answer the renderer's questions for its libraries at once; all others are asked on."""
    search = ctypes.util.find_library
    if not sys.platform.startswith("linux") or getattr(search, "booklet", False):
        return

    def find_library(name: str) -> str | None:
        if name.removeprefix("lib").startswith(_ASKED):
            return None
        return search(name)

    find_library.booklet = True  # type: ignore[attr-defined]
    ctypes.util.find_library = find_library


_SELDOM: dict[str, tuple[str, ...]] = {
    "fontTools.subset": (),
    "fontTools.varLib.instancer": ("instantiateVariableFont",),
}
"""Modules that the renderer imports and seldom uses, with the functions that it takes from them."""


class _Later(ModuleType):
    """Stands for a module until something of it is asked for."""

    def __init__(self, name: str, functions: tuple[str, ...]) -> None:
        super().__init__(name)
        self.__dict__.update((function, self._caller(function)) for function in functions)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self._real(), name)

    def _real(self) -> ModuleType:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return importlib.import_module(self.__name__)

    def _caller(self, name: str) -> Any:
        def call(*arguments: Any, **named: Any) -> Any:
            return getattr(self._real(), name)(*arguments, **named)

        return call


def defer_imports() -> None:
    """Load what the renderer seldom uses only when it does, as for variable fonts."""
    for name, functions in _SELDOM.items():
        if name not in sys.modules:
            sys.modules[name] = _Later(name, functions)


def spare_parsing() -> None:
    """Let the renderer find its declarations of C libraries parsed; see `declared`."""
    import cffi

    from booklet.linker.declared import Declared

    real = cffi.FFI

    def declare() -> Declared:
        cffi.FFI = real
        return Declared(real)

    cffi.FFI = declare


class _Awaiting(MetaPathFinder):
    """Waits for the renderer to be imported, and makes that short."""

    def find_spec(self, name: str, *_: Any) -> None:
        """Find nothing; but when it is the renderer that is looked for, be ready for it."""
        if name == "weasyprint":
            sys.meta_path.remove(self)
            spare_searches()
            defer_imports()
            spare_parsing()


def await_renderer() -> None:
    """Make the start of the renderer short, whenever it is imported for the first time."""
    waiting = any(isinstance(finder, _Awaiting) for finder in sys.meta_path)
    if "weasyprint" not in sys.modules and not waiting:
        sys.meta_path.insert(0, _Awaiting())
