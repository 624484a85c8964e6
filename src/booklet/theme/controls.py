"""What can be tuned: tokens, options and the type area, as a panel of controls shows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from booklet.theme.theme import Theme
from booklet.theme.tokens import Label, TokenSpec

Kind = Literal["color", "length", "number", "font", "choice"]


@dataclass(frozen=True, slots=True)
class Control:
    """One thing to tune.

    Attributes:
        path: Keys of ``booklet.yaml`` under which its value is saved.
        kind: What it is; an option is a choice.
        label: What it is called.
        value: As it stands now; '' where the page decides and the caller fills it in.
        default: The theme's own; '' where it follows from the page.
        unit: Of ``range`` and ``step``: pt, mm, em, or '' for a plain number.
        range: Smallest and largest value.
        step: By how much it moves.
        values: Of a choice, with labels.
        group: Heading under which it stands.
    """

    path: tuple[str, ...]
    kind: Kind
    label: Label
    value: str
    default: str
    unit: str = ""
    range: tuple[float, float] | None = None
    step: float | None = None
    values: Mapping[str, Label] = field(default_factory=dict)
    group: str = ""


PAGE_GROUP = "page"
PAGE_GROUP_LABEL = Label(zh="版心", en="type area")


def _page(
    path: tuple[str, ...], label: Label, unit: str, bounds: tuple[float, float], step: float
) -> Control:
    kind: Kind = "length" if unit else "number"
    return Control(path, kind, label, "", "", unit, bounds, step, group=PAGE_GROUP)


_AREA = ("layout", "type_area")
PAGE_CONTROLS = (
    _page((*_AREA, "size"), Label(zh="字号", en="type size"), "pt", (7, 24), 0.5),
    _page((*_AREA, "characters"), Label(zh="每行字数", en="characters a line"), "", (8, 60), 1),
    _page((*_AREA, "lines"), Label(zh="每页行数", en="lines a page"), "", (8, 60), 1),
    _page((*_AREA, "pitch"), Label(zh="行距", en="pitch"), "pt", (9, 48), 0.5),
    _page(("layout", "head"), Label(zh="天头", en="head margin"), "mm", (5, 90), 0.5),
    _page(("layout", "gutter"), Label(zh="订口", en="gutter"), "mm", (5, 60), 0.5),
)
"""The type area, which every theme has; foot and fore-edge follow from it."""


def groups(theme: Theme) -> Mapping[str, Label]:
    """Give the headings of all controls in order: the page first, then those of the theme."""
    return {PAGE_GROUP: PAGE_GROUP_LABEL, **theme.groups}


def controls(theme: Theme) -> tuple[Control, ...]:
    """List everything that can be tuned, by groups in their order; what has none comes last."""
    order = {name: number for number, name in enumerate(groups(theme))}
    found = (*PAGE_CONTROLS, *_tokens(theme), *_options(theme))
    return tuple(sorted(found, key=lambda control: order.get(control.group, len(order))))


def _tokens(theme: Theme) -> Iterator[Control]:
    for name, spec in theme.token_specs.items():
        yield Control(
            ("tokens", name), spec.type, spec.label, theme.tokens[name], spec.default,
            spec.shown_unit, spec.range, spec.step or _step(spec), spec.values, spec.group or "",
        )  # fmt: skip


def _step(spec: TokenSpec) -> float | None:
    """Choose a step that goes through the range in a hundred moves or fewer."""
    if spec.range is None:
        return None
    width = spec.range[1] - spec.range[0]
    return next((step for step in (0.01, 0.05, 0.1, 0.25, 0.5) if width / step <= 100), 1.0)


def _options(theme: Theme) -> Iterator[Control]:
    for name, spec in theme.option_specs.items():
        if len(spec.values) < 2:  # the theme has decided
            continue
        yield Control(
            ("options", name), "choice", spec.label, theme.options[name], spec.default,
            values=spec.values, group=spec.group or "",
        )  # fmt: skip
