"""A theme and its parents: where each is found, and that none extends itself."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from pathlib import Path

from booklet.errors import Findings, Place
from booklet.theme.files import built_in_folder, built_in_themes
from booklet.theme.packages import TRUSTED, packaged_themes
from booklet.theme.reading import Inherited, Written, read_theme, understand
from booklet.theme.spec import ThemeSpec

_NAME = re.compile(r"\w[\w-]{0,79}")
"""A folder directly below another; 80 Chinese characters are the longest name of a file."""


@dataclass(frozen=True, slots=True)
class Found:
    """Where a theme stands: its folder, the name of its theme.yaml in messages, who brings it."""

    folder: Path
    file: str
    origin: str


def find_theme(name: str, root: Path) -> Found | None:
    """Find a theme: in the publication, then built in, then in an installed package.

    Args:
        name: Of the theme.
        root: The publication's folder; its themes stand in ``themes/``.
    """
    if not _NAME.fullmatch(name):
        return None
    for base, home, prefix, origin in (
        (root / "themes", root, "themes", "publication"),
        (built_in_folder(), built_in_folder(), "templates", "built-in"),
    ):
        folder = base / name
        if (folder / "theme.yaml").is_file() and _within(folder, home):
            return Found(folder.resolve(), f"{prefix}/{name}/theme.yaml", origin)
    for theme in packaged_themes():
        if theme.name == name:
            return Found(theme.folder, f"{theme.package}/{name}/theme.yaml", theme.package)
    return None


def theme_names(root: Path) -> tuple[str, ...]:
    """Name every theme that a publication may ask for, its own first."""
    own = sorted(path.parent.name for path in root.glob("themes/*/theme.yaml"))
    packaged = [theme.name for theme in packaged_themes()]
    return tuple(dict.fromkeys([*own, *built_in_themes(), *packaged]))


def load_chain(
    name: str, root: Path, place: Place, findings: Findings
) -> tuple[tuple[ThemeSpec, ...], tuple[Path, ...]] | None:
    """Read a theme and its parents, the theme first.

    Args:
        name: Of the theme.
        root: The publication's folder.
        place: Where the publication names the theme.
        findings: Collects ``theme-unknown``, ``theme-cycle`` and ``theme-invalid``.

    Returns:
        Their descriptions and folders; None where there was an error.
    """
    chain = _collect(name, root, place, findings)
    if chain is None:
        return None
    parents, specs = Inherited(), list[ThemeSpec]()
    for written in reversed(chain):
        spec = understand(written, parents, findings)
        if spec is None:
            return None
        specs.insert(0, spec)
    for key in ("fonts", "layout", "strings"):
        if not any(getattr(spec, key) for spec in specs):
            findings.error(Place(chain[0].file), "theme-invalid",
                           f"neither the theme nor a parent has {key}:",
                           "a theme that begins with `extends: reader` has them")  # fmt: skip
    return tuple(specs), tuple(written.folder for written in chain)


def _collect(name: str, root: Path, place: Place, findings: Findings) -> tuple[Written, ...] | None:
    chain: list[Written] = []
    wanted: str | None = name
    while wanted is not None:
        found = find_theme(wanted, root)
        if found is None:
            known = theme_names(root)
            near = difflib.get_close_matches(wanted, known, 1)
            hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(known)}"
            for theme in packaged_themes(trusted=False):
                if theme.name == wanted:
                    hint = f"the package {theme.package} has one, but {TRUSTED} does not name it"
            findings.error(place, "theme-unknown", f"there is no theme {wanted!r}", hint)
            return None
        if any(found.folder == written.folder for written in chain):
            way = " → ".join([*(written.folder.name for written in chain), wanted])
            findings.error(place, "theme-cycle", f"theme extends itself: {way}",
                           "remove one `extends:`")  # fmt: skip
            return None
        written = read_theme(found.folder, found.file, findings)
        if written is None:
            return None
        chain.append(written)
        wanted = written.extends
        if wanted is not None:
            place = written.place(("extends",))
    return tuple(chain)


def _within(folder: Path, home: Path) -> bool:
    return folder.resolve().is_relative_to(home.resolve())
