"""A manuscript with every state that a theme meets, cut so that each state can be left out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200" viewBox="0 0 300 200">'
    '<rect width="300" height="200" fill="#dddddd"/><path d="M0 150 L90 60 L160 130 L220 80 '
    'L300 160 V200 H0 Z" fill="#777777"/></svg>\n'
)
"""A drawing for the states with pictures."""

_ANTHOLOGY = {
    "title": "河上的人家、桥边的灯与一册写给后来者看的渡口杂记及其全部来往书信选编增订本",
    "subtitle": "附年表与地名索引",
    "short_title": "渡口杂记",
    "contributors": [{"name": "林小渡", "role": "aut"}, {"name": "渡口志编写组", "role": "com"}],
    "publisher": "河东印书社",
    "date": "2026-01-01",
    "rights": "渡口志编写组",
}
_BOOK = {"title": "渡口十二问", "form": "book"}
_CASES = (
    ("anthology", "长题、前言、日期、场合、各种段落", _ANTHOLOGY),
    ("book", "连续的正文：小标题、列表、引文、表、图、注", _BOOK),
    ("single", "书名两字，一辑一则，别的都没有", {"title": "渡口"}),
)
_LOG = (
    "今日水平，开船九次，无事。",
    "水涨二尺，船不开；大家在岸上等着，谁也不催。",
    "大雾。先听见对岸的狗叫，后看见对岸的树。",
    "孩子们放学，一船坐下七个，书包另坐一船。",
)


@dataclass(frozen=True, slots=True)
class State:
    """Something that a publication may hold.

    Attributes:
        name: For reports.
        label: What it is.
        text: Markdown, whole blocks.
    """

    name: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Case:
    """A publication made of states.

    Attributes:
        name: Its slug.
        label: What it shows.
        header: Keys of ``booklet.yaml`` besides theme and manuscript.
        states: In order; the first of a section brings its heading.
        pictures: Whether it needs `PICTURE`.
    """

    name: str
    label: str
    header: Mapping[str, object]
    states: tuple[State, ...]
    pictures: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """A manuscript, and which state stands on which of its lines."""

    text: str
    lines: Mapping[int, str] = field(repr=False)


def write(case: Case, without: frozenset[str] = frozenset()) -> Written:
    """Write the manuscript of a case, without some of its states."""
    text, lines = "", dict[int, str]()
    for state in case.states:
        if state.name in without:
            continue
        block = state.text.strip("\n") + "\n\n"
        first = text.count("\n") + 1
        lines |= dict.fromkeys(range(first, first + block.count("\n")), state.name)
        text += block
    return Written(text, lines)


def cases() -> tuple[Case, ...]:
    """Give every case: a full anthology, a book of running text, one excerpt, fifty sections."""
    found = [
        Case(name, label, header, _read(name), pictures=name != "single")
        for name, label, header in _CASES
    ]
    fifty = tuple(map(_section, range(1, 51)))
    return (*found, Case("fifty", "五十辑，每辑一则", {"title": "渡口五十号船的日志"}, fifty))


def _read(name: str) -> tuple[State, ...]:
    """Read the states of a case: each stands behind a comment with its name and label."""
    text = Path(__file__).with_name("states").joinpath(f"{name}.md").read_text("utf-8")
    _, *parts = re.split(r"^<!-- ([\w-]+): (.*?) -->$", text, flags=re.MULTILINE)
    return tuple(map(State, parts[::3], parts[1::3], parts[2::3]))


def _section(number: int) -> State:
    text = f"## 渡口第{number}号\n\n{_LOG[number % len(_LOG)]}\n\n——渡船日志"
    return State(f"section-{number}", f"第{number}辑", text)
