"""Ids: the author's are kept and must be unique, ours step aside for them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from booklet.errors import Findings, Place

_FORM = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


@dataclass(slots=True)
class Ids:
    """Every id of a publication and every link to one.

    Attributes:
        findings: Where faults are told.
        places: Place of each id that the author gave.
        targets: Ids that a link can lead to.
        links: Each link within the publication, with its place.
        reserved: Ids that the author gives anywhere, known before ours are made.
        headings: Headings below the sections, so far.
    """

    findings: Findings
    places: dict[str, Place] = field(default_factory=dict)
    targets: set[str] = field(default_factory=set)
    links: list[tuple[str, Place]] = field(default_factory=list)
    reserved: set[str] = field(default_factory=set)
    headings: int = 0

    def next_heading(self) -> int:
        """Count a heading below the sections."""
        self.headings += 1
        return self.headings

    def author(self, name: str, place: Place, *, used: bool = True) -> None:
        """Record an id that the author gave.

        Args:
            name: The id, without ``#``.
            place: Where it stands.
            used: False where the model has no room for it, so that no link can lead there.
        """
        if not _FORM.fullmatch(name):
            self.findings.error(
                place,
                "id-invalid",
                f"the id {name} is not made of ASCII letters, digits, - and _",
                "begin with a letter, as in {#dawn-1}",
            )
        first = self.places.setdefault(name, place)
        if first != place:
            self.findings.error(
                place,
                "id-duplicate",
                f"the id {name} is given twice",
                f"it stands first at {first}",
            )
        if used:
            self.targets.add(name)

    def fresh(self, stem: str, number: int | None = None) -> str:
        """Make an id of ours that no author's id equals: ``s1``, else ``s1-2`` and so on."""
        base = stem if number is None else f"{stem}{number}"
        name, count = base, 1
        while name in self.reserved or name in self.targets:
            count += 1
            name = f"{base}-{count}"
        self.targets.add(name)
        return name

    def link(self, name: str, place: Place) -> None:
        """Record a link to an id."""
        self.links.append((name, place))

    def check_links(self) -> None:
        """Tell of links that lead nowhere; call it when every id is known."""
        for name, place in self.links:
            if name not in self.targets:
                self.findings.error(
                    place,
                    "link-target",
                    f"nothing in the publication has the id {name}",
                    "give it to a heading: ## 标题 {#" + (name or "id") + "}",
                )
