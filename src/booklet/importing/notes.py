"""Notes in HTML: which links call them, which elements hold them.

EPUB and assistive technology name both (``noteref``, ``footnote``); word processors and Markdown
write a short raised link that leads to a block, which leads back.
"""

from __future__ import annotations

import re
from itertools import islice

from booklet.importing.elements import (
    BLOCKS,
    Element,
    children,
    classes_of,
    name_of,
    shown,
    types_of,
    words_in,
)
from booklet.importing.room import Page, Room

_LABEL = re.compile(
    r"[\[［(（【〔]?\s*(?:注|註|note)?\s*(?:\d{1,4}|[*＊†‡§¶※]{1,3}|[A-Za-z]|[ivxlcIVXLC]{1,6}"
    r"|[①-⑳㉑-㉟㊱-㊿]|[一二三四五六七八九十]{1,3})?\s*[\]］)）】〕]?"
)
_ARROWS = r"[\s↩↵^↑←⏎⤴\ufe0e\ufe0f]*"
_BACK = re.compile(rf"{_ARROWS}(?:返回|回到正文|back|return)?{_ARROWS}")
_MOST_LINKS = 100
_CALLS = {"noteref"}
_BODIES = {"footnote", "endnote", "rearnote", "note"}
_LISTS = {"footnotes", "endnotes", "rearnotes"}
_HOLDERS = {"li", "aside", "p", "div", "dd", "td", "section"}
_HEADS = re.compile(r"(?:注|註)(?:释|釋|解)?|脚注|腳注|尾注|(?:foot|end)?notes?", re.IGNORECASE)

_Spot = tuple[Page, Element, int]


def find_notes(room: Room) -> None:
    """Find the notes of all pages, and take calls and ways back out of the text."""
    spots: dict[str, _Spot] = {}
    order: dict[Element, int] = {}
    links: list[tuple[Page, Element, str]] = []
    for page in room.pages:
        for element in page.body.iter():
            if not isinstance(element.tag, str):
                continue
            order[element] = len(order)
            for key in ("id", "name", "{http://www.w3.org/XML/1998/namespace}id"):
                if value := element.get(key):
                    spots.setdefault(f"{page.name}#{value}", (page, element, order[element]))
            if name_of(element) == "a" and (target := room.target(page, element.get("href", ""))):
                links.append((page, element, target))
    _Finder(room, spots, order, links).find()


class _Finder:
    """Looks at every link that may call a note."""

    def __init__(
        self,
        room: Room,
        spots: dict[str, _Spot],
        order: dict[Element, int],
        links: list[tuple[Page, Element, str]],
    ) -> None:
        self.room, self.spots, self.order, self.links = room, spots, order, links
        self.inner: dict[Element, list[Element]] = {}
        self.targets = {element: target for _, element, target in links}

    def find(self) -> None:
        for _, link, target in self.links:
            spot = self.spots.get(target)
            if spot is None or link in self.room.calls:
                continue
            body = self._body(spot[1])
            if body is not None and self._calls(link, body):
                self._take(link, body)
        for page in self.room.pages:
            self._leave_frames(page)

    def _body(self, target: Element) -> Element | None:
        """Find the block that is the note, from the element that a link leads to."""
        for one in (target, *target.iterancestors()):
            if name_of(one) in _HOLDERS:
                return one
            if name_of(one) in BLOCKS:
                return None
        return None

    def _calls(self, link: Element, body: Element) -> bool:
        types = types_of(link)
        inside = body in link.iterancestors()
        if inside or "backlink" in types:
            return False
        if self.order[body] < self.order[link]:
            return bool(types & _CALLS)
        words = words_in(link)
        if not words:  # an icon
            return bool(types & _CALLS or "duokan-footnote" in classes_of(link))
        if not _LABEL.fullmatch(words):
            return False
        typed = types & _CALLS or self._is_typed(body)
        raised = any(name_of(one) == "sup" for one in (*link.iterancestors(), *children(link)))
        return bool(typed or raised or self._leads_back(link, body))

    def _is_typed(self, body: Element) -> bool:
        if types_of(body) & _BODIES:
            return True
        return any(
            types_of(one) & _LISTS or "footnotes" in classes_of(one)
            for one in body.iterancestors()
        )  # fmt: skip

    def _leads_back(self, link: Element, body: Element) -> bool:
        return any(self._is_back(one, link) for one in self._links_in(body))

    def _links_in(self, body: Element) -> list[Element]:
        """Give the first links of what may be a note; it has but a few."""
        if body not in self.inner:
            found = (one for one in body.iter() if name_of(one) == "a")
            self.inner[body] = list(islice(found, _MOST_LINKS))
        return self.inner[body]

    def _is_back(self, back: Element, link: Element) -> bool:
        """Tell whether a link leads to another one, or to what stands close around it."""
        spot = self.spots.get(self.targets.get(back, ""))
        if spot is None:
            return False
        near = [link, *children(link)]
        for one in link.iterancestors():
            near.append(one)
            if name_of(one) in BLOCKS:
                break
        return spot[1] in near

    def _take(self, link: Element, body: Element) -> None:
        room = self.room
        note = room.bodies.get(body)
        if note is None:
            if any(one in room.bodies for one in body.iterancestors()):
                return
            note = f"{len(room.bodies) + 1}"
            room.bodies[body] = note
            room.labels[note] = words_in(link)
        room.calls[link] = note
        sup = link.getparent()
        # A raised link alone in its element: the element was only there to raise it.
        if sup is not None and name_of(sup) == "sup" and words_in(sup) == words_in(link):
            room.calls.pop(link)
            room.calls[sup] = note
        for one in self._links_in(body):
            if self._is_back(one, link) or "backlink" in types_of(one):
                words = words_in(one)
                if _BACK.fullmatch(words) or _LABEL.fullmatch(words):
                    room.leave_out(one)

    def _leave_frames(self, page: Page) -> None:
        """Take out what stood around notes and holds nothing else: a rule, a heading, a list."""
        for one in page.body.iter():
            if not isinstance(one.tag, str) or one in self.room.bodies:
                continue
            framed = types_of(one) & _LISTS or "footnotes" in classes_of(one)
            if framed and self._only_frames(one):
                for inner in one.iter():
                    if name_of(inner) in {"hr", "h1", "h2", "h3", "h4", "h5", "h6"}:
                        self._leave(page, inner)
            elif name_of(one) == "hr" and "footnotes-sep" in classes_of(one):
                self.room.leave_out(one)

    def _only_frames(self, frame: Element) -> bool:
        words = [words_in(b) for b in frame.iter() if b in self.room.bodies]
        heads = [
            words_in(h) for h in frame.iter() if re.fullmatch("h[1-6]", name_of(h))
        ]  # fmt: skip
        whole = "".join("".join(words_in(frame).split()))
        inner = "".join("".join(text.split()) for text in (*heads, *words))
        return len(whole) == len(inner) and all(_HEADS.fullmatch(head) for head in heads)

    def _leave(self, page: Page, element: Element) -> None:
        words = words_in(element)
        if words:
            self.room.findings.note(
                page.place(element), "import-left-out",
                f"the heading of the notes, {shown(words)}, is left out",
                "notes stand at the foot of the page, or after their chapter",
            )  # fmt: skip
        self.room.leave_out(element)
