"""One walk over the content of each page: forms, patterns and soft masks within it as well.

Content streams are kept on a list, not on Python's own stack, and everything is counted: a hostile
file ends in a finding, not in a hang.
"""

from __future__ import annotations

import copy
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from pikepdf import Dictionary, Stream

from booklet import limits
from booklet.finish.preflight import painting, placing, texting
from booklet.finish.preflight.events import Colour, Group, Setting, Watcher
from booklet.finish.preflight.faces import Face, read_face
from booklet.finish.preflight.frames import Frame, GraphicsState, Operation
from booklet.finish.preflight.geometry import (
    IDENTITY,
    Box,
    common,
    grown,
    matrix_from,
    moved,
    multiply,
)
from booklet.finish.preflight.scanning import Scanner
from booklet.finish.preflight.source import (
    BROKEN,
    Damage,
    Page,
    box_of,
    content_of,
    inherited,
    number_of,
    numbers_of,
    part,
    reason_of,
)
from booklet.finish.preflight.spaces import Space, group_space, read_space

MOST_NAMES = 20_000
"""Names and places that are remembered."""

KEPT_CONTENT = 8 << 20
"""Bytes of unpacked forms that are kept for the next time they are drawn."""

IGNORED = (
    "BMC", "BDC", "EMC", "MP", "DP", "BX", "EX", "ET", "d", "i", "j", "J", "M", "ri", "d0", "d1",
    "ID", "EI",
)  # fmt: skip
"""Operators that concern no check."""

OPERATIONS: dict[str, Operation] = {
    **painting.OPERATORS, **placing.OPERATORS, **texting.OPERATORS,
    **dict.fromkeys(IGNORED, lambda _walk, _frame, _operands, _name: None),
}  # fmt: skip

Key = tuple[int, int]
T = TypeVar("T")


class Walk:
    """Walks over pages and tells the watchers what they paint."""

    def __init__(self, watchers: Sequence[Watcher]) -> None:
        """Begin; ``watchers`` are told in this order."""
        self._watchers = watchers
        self._stack: list[Frame] = []
        self._pending: list[tuple[str, Any]] = []
        self._seen: set[Any] = set()
        self._faces: dict[Key, Face] = {}
        self._patterns: dict[str, Any] = {}
        self._contents: OrderedDict[Key, bytes] = OrderedDict()
        self._kept = self._total = 0
        self._most_on_a_page = limits.value("pdf-page-operators")
        self._most_in_all = limits.value("pdf-operators")
        self._deepest = limits.value("pdf-forms")

    def page(self, page: Page) -> None:
        """Walk over one page."""
        self._seen.clear()
        self._patterns.clear()
        for watcher in self._watchers:
            watcher.begin(page)
        try:
            self._begin(page)
        except Damage as error:
            self._fault(page, str(error))
        except BROKEN as error:
            self._fault(page, f"it cannot be read: {reason_of(error)}")
        self._flush()
        self._run(page)
        for watcher in self._watchers:
            watcher.end(page)

    def _begin(self, page: Page) -> None:
        resources = inherited(page.object, "/Resources")
        state = GraphicsState(IDENTITY, page.boxes.media)
        content = content_of(page.object.get("/Contents"))
        frame = Frame(page, resources, state, Scanner(content))
        group = page.object.get("/Group")
        if isinstance(group, Dictionary):
            space = group_space(group, resources)
            self.tell("group", Group(self.setting(frame, page.boxes.media), "", space))
        self._stack.append(frame)

    def _run(self, page: Page) -> None:
        most, most_in_all = self._most_on_a_page, self._most_in_all
        budget = most
        stack = self._stack
        while stack:
            frame = stack[-1]
            step = next(frame.content, None)
            if step is None:
                self._leave(stack.pop())
                continue
            budget -= 1
            if budget < 0 or self._total + most - budget > most_in_all:
                self._give_up(page, budget)
                break
            operator, operands = step
            operation = OPERATIONS.get(operator)
            try:
                if operation is None:
                    frame.unknown += 1
                else:
                    operation(self, frame, operands, operator)
            except BROKEN:
                frame.unknown += 1  # operands that do not fit the operator
            if self._pending:
                self._flush()
        self._total += most - budget

    def _give_up(self, page: Page, budget: int) -> None:
        self._stack.clear()
        self._pending.clear()
        name = "pdf-page-operators" if budget < 0 else "pdf-operators"
        where = "a page" if budget < 0 else "all pages"
        said = f"it was not read to its end: too many operators on {where} ({limits.named(name)})"
        self._fault(page, said)

    def _leave(self, frame: Frame) -> None:
        faults = frame.unknown + frame.scanner.faults
        if faults:
            place = f"the form {frame.owner}" if frame.owner else "its content"
            self._fault(frame.page, f"{place} holds what is no PDF operator", slight=True)

    def _fault(self, page: Page, what: str, *, slight: bool = False) -> None:
        for watcher in self._watchers:
            watcher.fault(page, what, slight)

    def _flush(self) -> None:
        pending, self._pending = self._pending, []
        for kind, event in pending:
            for watcher in self._watchers:
                getattr(watcher, kind)(event)

    # ---- what operators ask for ------------------------------------------------------------------

    def tell(self, kind: str, event: Any) -> None:
        """Tell the watchers of an event, once the operator is done."""
        self._pending.append((kind, event))

    def setting(self, frame: Frame, box: Box, *, fills: bool = True) -> Setting:
        """Describe where and how something with this box is painted."""
        state = frame.state
        inside = frame.inside
        if frame.placed:
            inside = common(box, grown(frame.page.boxes.inked, -0.01)) is not None
        opacity = state.fill_opacity if fills else state.stroke_opacity
        over, stroke_over, mode = state.over
        return Setting(
            frame.page, inside, frame.placed, frame.mask, opacity, over, stroke_over, mode == 1,
            frame.owner,
        )  # fmt: skip

    def whole(self, frame: Frame) -> Box:
        """Give the box of all that can be seen."""
        return frame.state.clip or frame.page.boxes.media

    def kept(self, frame: Frame, category: str, name: str, read: Callable[[], T]) -> T:
        """Give what was read of a name before, or read it."""
        key = (category, name)
        if key in frame.named:
            found: T = frame.named[key]
            return found
        value = read()
        if len(frame.named) < MOST_NAMES:
            frame.named[key] = value
        return value

    def named(self, frame: Frame, category: str, name: str) -> Any:
        """Look up a name in the resources."""
        return self.kept(frame, category, name, lambda: part(part(frame.resources, category), name))

    def space(self, frame: Frame, value: Any) -> Space:
        """Read a colour space; those with a name are kept."""
        if not isinstance(value, str):
            return read_space(value, frame.resources)
        return self.kept(frame, "space", value, lambda: read_space(value, frame.resources))

    def face(self, frame: Frame, name: str) -> Face | None:
        """Look up a font."""
        font = self.named(frame, "/Font", name)
        if not isinstance(font, Dictionary):
            return None
        return self.kept(frame, "face", name, lambda: self.face_of(font))

    def face_of(self, font: Any) -> Face:
        """Read a font once."""
        key = self.key_of(font)
        if key is None:
            return read_face(font)
        if key not in self._faces:
            self._faces[key] = read_face(font)
        return self._faces[key]

    def key_of(self, thing: Any) -> Key | None:
        """Give the number of an object; None for one that stands within another."""
        number, generation = thing.objgen
        return (number, generation) if number else None

    def first_on_page(self, key: Any) -> bool:
        """Tell whether something is met for the first time on this page."""
        if key in self._seen:
            return False
        if len(self._seen) < MOST_NAMES:
            self._seen.add(key)
        return True

    # ---- content within content ------------------------------------------------------------------

    def enter_form(self, frame: Frame, name: str, form: Any, *, mask: bool = False) -> None:
        """Draw a form next."""
        key = self.key_of(form)
        if not self._may_enter(frame, name, key):
            return
        if not mask and not self.first_on_page((key, frame.mask, frame.placed, frame.state.look())):
            return  # drawn at this very place before
        state = copy.copy(frame.state)
        state.matrix = multiply(matrix_from(numbers_of(form.get("/Matrix"))), state.matrix)
        inner = self._frame(frame, name, form, state)
        if inner is None:
            return
        inner.mask = frame.mask or mask
        box = box_of(form.get("/BBox"))
        if box is not None:
            inner.cut(moved(box, state.matrix))
        placing.tell_group(self, inner, name, form)
        self._stack.append(inner)

    def _may_enter(self, frame: Frame, name: str, key: Key | None) -> bool:
        if any(one.key == key for one in self._stack if key):
            self._fault(frame.page, f"the form {name} draws itself")
            return False
        if len(self._stack) > self._deepest:
            named = limits.named("pdf-forms")
            self._fault(frame.page, f"it was not read to its end: forms too deep ({named})")
            return False
        return True

    def _frame(self, frame: Frame, name: str, form: Any, state: GraphicsState) -> Frame | None:
        key = self.key_of(form)
        try:
            content = self._content(form, key)
        except Damage as error:
            self._fault(frame.page, f"the form {name}: {error}")
            return None
        resources = form.get("/Resources")
        return Frame(
            frame.page, frame.resources if resources is None else resources, state,
            Scanner(content), state.matrix, name, key, frame.placed, frame.mask, frame.inside,
        )  # fmt: skip

    def _content(self, form: Any, key: Key | None) -> bytes:
        if key is not None and key in self._contents:
            self._contents.move_to_end(key)
            return self._contents[key]
        content = content_of(form)
        if key is not None and len(content) <= KEPT_CONTENT // 8:
            self._contents[key] = content
            self._kept += len(content)
            while self._kept > KEPT_CONTENT:
                self._kept -= len(self._contents.popitem(last=False)[1])
        return content

    def pattern_key(self, frame: Frame, name: str) -> str:
        """Remember the pattern of this name; forms that inherit it have other names."""
        pattern = self.named(frame, "/Pattern", name)
        if not isinstance(pattern, (Dictionary, Stream)):
            return ""
        number = self.key_of(pattern)
        key = f"{name} {number[0]}" if number else f"{name} in {frame.owner or 'page'}"
        self._patterns[key] = pattern
        return key

    def fill_with_pattern(self, frame: Frame, colour: Colour, box: Box, setting: Setting) -> None:
        """Draw one cell of a pattern next, or tell of its gradient."""
        pattern = self._patterns.get(colour.pattern)
        if pattern is None or not self.first_on_page((colour.pattern, setting.inside, frame.mask)):
            return
        if number_of(pattern.get("/PatternType")) == 2:
            shading = pattern.get("/Shading")
            if isinstance(shading, (Dictionary, Stream)):
                placing.tell_gradient(self, frame, colour.pattern, shading, box)
            return
        key = self.key_of(pattern)
        if not isinstance(pattern, Stream) or not self._may_enter(frame, colour.pattern, key):
            return
        plain = replace(colour, pattern="")
        matrix = multiply(matrix_from(numbers_of(pattern.get("/Matrix"))), frame.base)
        cell = box_of(pattern.get("/BBox"))
        state = GraphicsState(matrix, moved(cell, matrix) if cell else box, plain, plain)
        inner = self._frame(frame, colour.pattern, pattern, state)
        if inner is not None:
            inner.placed, inner.inside = False, setting.inside
            self._stack.append(inner)
