"""One page with the spreads of every theme, each from its own sample and from a publication."""

from __future__ import annotations

import base64
import io
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from jinja2 import Environment
from PIL.Image import Image, Resampling
from ruamel.yaml import YAML

from booklet.editions.job import prepare
from booklet.editions.run import Run
from booklet.errors import BookletError, Findings, InputError, Place
from booklet.progress import NullProgress, Progress
from booklet.showcase.spreads import GAP, as_webp, draw_spreads, side_by_side
from booklet.theme import Theme, open_theme

DPI = 64
"""Pixels an inch of a spread on the page."""

MOST = 12
"""Spreads of one publication."""

HEIGHT, OF_A_STRIP = 360, 3
"""Pixels and spreads of the strip that stands for a theme elsewhere: the cover, and the middle."""

_OF_ANOTHER_THEME = ("options", "tokens", "layout")
"""Keys of a publication that were chosen for its own theme."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a theme made of a publication.

    Attributes:
        title: Of the publication.
        spreads: WebP pictures.
        refusal: Why there are none.
        strip: A few spreads beside each other, WebP.
    """

    title: str
    spreads: tuple[bytes, ...] = ()
    refusal: str = ""
    strip: bytes = b""


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A theme in the gallery: the theme, and what it shows."""

    theme: Theme
    shown: tuple[Shown, ...]


def exhibit(
    names: Sequence[str], root: Path, publication: Path | None, progress: Progress | None = None
) -> tuple[Exhibit, ...]:
    """Render every theme.

    Args:
        names: Of the themes.
        root: Folder whose ``themes/`` count; the built-in ones always do.
        publication: A folder to be set in every theme, besides the sample of each.
        progress: Told of each theme.
    """
    progress = progress or NullProgress()
    found = []
    with TemporaryDirectory(prefix="booklet-gallery-") as folder:
        for name in names:
            findings = Findings()
            theme = open_theme(name, root, ({}, {}), lambda *_: Place("theme"), findings)
            if theme is None:
                msg = f"the theme {name} cannot be opened"
                raise InputError(msg, findings)
            progress.step(f"theme {name}")
            sources = [
                _dressed(source, theme, Path(folder) / f"{name}-{number}", own=not number)
                for number, source in enumerate((theme.sample, publication))
                if source is not None
            ]
            found.append(Exhibit(theme, tuple(map(_show, sources))))
    progress.close()
    return tuple(found)


def _dressed(source: Path, theme: Theme, folder: Path, *, own: bool) -> Path:
    """Copy a publication, and put it into a theme; what it chose for its own theme goes."""
    shutil.copytree(source, folder, symlinks=True, ignore=shutil.ignore_patterns("build", ".*"))
    home = theme.folder.parent
    if home.name == "themes" and not (folder / "themes").exists():
        shutil.copytree(home, folder / "themes", symlinks=True)
    path = folder / "booklet.yaml"
    yaml = YAML()
    header: Any = yaml.load(path.read_text("utf-8"))
    if not own and header.get("theme") != theme.name:
        for key in _OF_ANOTHER_THEME:
            header.pop(key, None)
        shutil.rmtree(folder / "templates", ignore_errors=True)
    header["theme"] = theme.name
    out = io.StringIO()
    yaml.dump(header, out)
    path.write_text(out.getvalue(), "utf-8")
    return folder


def _show(folder: Path) -> Shown:
    findings = Findings()
    try:
        job = prepare(folder, findings, NullProgress())
        pages = Run(job, findings, NullProgress()).pages
    except BookletError as error:
        told = next(iter(error.diagnostics), None)
        return Shown(folder.name, refusal=told.message if told else str(error))
    right = job.theme.direction == "vertical"
    drawn = list(draw_spreads(pages.screen, DPI, right_bound=right))
    chosen = [drawn[index] for index in _chosen(len(drawn), MOST)]
    strip = [drawn[index] for index in _of_strip(len(drawn))]
    if right:
        strip.reverse()
    return Shown(
        job.publication.title,
        tuple(as_webp(picture) for picture in chosen),
        strip=_strip(strip),
    )


def _strip(spreads: Sequence[Image]) -> bytes:
    """Put spreads beside each other, all of one height."""
    scaled = [
        one.resize((round(one.width * HEIGHT / one.height), HEIGHT), Resampling.LANCZOS)
        for one in spreads
    ]
    return as_webp(side_by_side(scaled, GAP, "#e8e6e1"), 80)


def _chosen(count: int, most: int) -> list[int]:
    """Choose spreads evenly; the first and the last are among them."""
    if count <= most:
        return list(range(count))
    return sorted({round(number * (count - 1) / (most - 1)) for number in range(most)})


def _of_strip(count: int) -> list[int]:
    """Choose the cover, and spreads from the middle, where the text is."""
    middle = max(count // 2, 1)
    return [index for index in (0, middle, middle + 1)[:OF_A_STRIP] if index < count]


def page(exhibits: Sequence[Exhibit]) -> str:
    """Write the gallery as one HTML page that needs no other file."""
    template = Path(__file__).with_name("gallery.html").read_text("utf-8")
    env = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return env.from_string(template).render(exhibits=[*map(_view, exhibits)])


def _view(item: Exhibit) -> dict[str, Any]:
    theme, spec = item.theme, item.theme.specs[0]
    return {
        "name": theme.name,
        "label": spec.label,
        "description": spec.description,
        "colors": [
            {"name": name, "value": theme.tokens[name], "label": token.label}
            for name, token in theme.token_specs.items()
            if token.type == "color"
        ],
        "page": theme.page,
        "shown": [
            {"title": shown.title, "refusal": shown.refusal, "spreads": [*_urls(shown)]}
            for shown in item.shown
        ],
    }


def _urls(shown: Shown) -> Iterator[str]:
    for data in shown.spreads:
        yield "data:image/webp;base64," + base64.b64encode(data).decode("ascii")
