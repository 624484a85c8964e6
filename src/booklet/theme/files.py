"""The search path of a theme: whose file wins, and that none leads out of its folder."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from booklet import limits


@dataclass(frozen=True, slots=True)
class SearchPath:
    """Folders in order of precedence: the publication's templates, the theme, its parents.

    Attributes:
        folders: Where files are looked for, the strongest first.
        themes: Names of the theme and its parents, for the last folders. ``reader/book.html`` is
            the file as that theme has it, whatever stands before it: so a template can extend the
            one that it overrides.
    """

    folders: tuple[Path, ...]
    themes: tuple[str, ...] = ()

    def find(self, name: str) -> Path | None:
        """Give the file of that name, from the first folder that has it.

        A name that climbs out of a folder, or a link that leads out of it, finds nothing.
        """
        parts = Path(name).parts
        if not parts or Path(name).is_absolute() or ".." in parts:
            return None
        folders = self.folders
        if parts[0] in self.themes:
            before = len(self.folders) - len(self.themes)
            folders = self.folders[before + self.themes.index(parts[0]) :]
            parts = parts[1:]
        for folder in folders:
            path = folder.joinpath(*parts)
            try:
                real = path.resolve(strict=True)
                inside = real.is_relative_to(folder.resolve(strict=True))
            except (OSError, RuntimeError, ValueError):  # a link to itself; a zero byte
                continue
            if inside and real.is_file():
                return real
        return None

    def label(self, name: str) -> str:
        """Name a file as messages do: ``templates/print-extra.css``, ``themes/mine/print.css``."""
        path = self.find(name)
        own = len(self.folders) - len(self.themes)
        for number, folder in enumerate(self.folders):
            if path is None or not path.is_relative_to(folder.resolve()):
                continue
            inner = path.relative_to(folder.resolve()).as_posix()
            if number < own:
                return f"templates/{inner}"
            home = "templates" if folder.parent == built_in_folder() else "themes"
            return f"{home}/{self.themes[number - own]}/{inner}"
        return f"templates/{name}"

    def names(self, suffix: str) -> tuple[str, ...]:
        """Name every file with an ending, those of the strongest folder first.

        Hidden files and the sample of a theme are no part of it.
        """
        found: dict[str, None] = {}
        for folder in self.folders:
            for path in sorted(folder.rglob(f"*{suffix}")):
                name = path.relative_to(folder)
                if name.parts[0] != "sample" and not name.parts[0].startswith("."):
                    found.setdefault(name.as_posix())
        return tuple(found)

    def layers(self, name: str) -> tuple[tuple[str, bytes], ...]:
        """Read a file that adds to its namesakes: from every folder that has it, weakest first.

        Returns:
            Its name in messages, and its content.
        """
        found = []
        for number in reversed(range(len(self.folders))):
            own = len(self.folders) - len(self.themes)
            alone = replace(self, folders=self.folders[number : number + 1],
                            themes=self.themes[number - own : number - own + 1] if number >= own
                            else ())  # fmt: skip
            data = alone.read(name)
            if data is not None:
                found.append((alone.label(name), data))
        return tuple(found)

    def read(self, name: str) -> bytes | None:
        """Read the file of that name; None if there is none or it is too large."""
        path = self.find(name)
        if path is None or path.stat().st_size > limits.value("theme-file"):
            return None
        return path.read_bytes()


def built_in_folder() -> Path:
    """Give the folder of the built-in themes: in the wheel, or at the top of the repository."""
    package = Path(__file__).resolve().parent.parent
    packaged = package / "_templates"
    return packaged if packaged.is_dir() else package.parent.parent / "templates"


def built_in_themes() -> tuple[str, ...]:
    """Name the built-in themes."""
    folder = built_in_folder()
    if not folder.is_dir():
        return ()
    return tuple(sorted(path.parent.name for path in folder.glob("*/theme.yaml")))
