"""Tags of a PDF as PDF/UA-1 wants them (ISO 14289-1), where WeasyPrint 70 leaves them short."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pydyf

from booklet.errors import Diagnostic, Place, Severity
from booklet.model.content import LINK_SCHEMES

_LEADER = re.compile(r"(?:[·.…]\s*){3,}")


def keep_own_links(document: Any) -> None:
    """Drop the links that boxes within a link inherit: a reader would meet each link five times."""
    for page in document.pages:
        page.links[:] = [link for link in page.links if link[3].link]


def plain_outline(document: Any) -> None:
    """Leave what has no width out of the outline: word joiners before the calls of notes."""
    for page in document.pages:
        page.bookmarks[:] = [
            (level, label.replace("\u2060", ""), *rest) for level, label, *rest in page.bookmarks
        ]


def link_findings(document: Any) -> Iterator[Diagnostic]:
    """Refuse links of a template that run a script or lead to a file of this machine."""
    targets = [link[1] for page in document.pages for link in page.links if link[0] == "external"]
    for target in dict.fromkeys(targets):
        if target.partition(":")[0].strip().lower() not in LINK_SCHEMES:
            yield Diagnostic(
                Place("build"), Severity.ERROR, "link-scheme", f"a page links to {target[:200]}",
                "a template may link to http, https, mailto and tel, and to #ids",
            )  # fmt: skip


def describe_links(document: Any) -> None:
    """Let links speak their words (ISO 14289-1, 7.18.5), not the name of their target."""
    for page in document.pages:
        for _, target, _, box in page.links:
            if box.link_annotation is not None:
                texts = [part.text for part in box.descendants() if hasattr(part, "text")]
                words = _LEADER.sub(" ", "".join(texts)).strip()
                box.link_annotation["Contents"] = pydyf.String(words or target)
                box.link_annotation["F"] = 4  # printed with the page


def release_margins(pdf: pydyf.PDF) -> None:
    """Make artifacts of folios and running heads (ISO 14289-1, 7.8).

    WeasyPrint 70 tags what stands in margins, and leaves the tags out of the structure tree.
    """
    objects = {item.reference: item for item in pdf.objects}
    elements = {
        reference: item
        for reference, item in objects.items()
        if isinstance(item, pydyf.Dictionary) and item.get("Type") == "/StructElem"
    }
    root = objects[pdf.catalog["StructTreeRoot"]]
    reached: set[Any] = set()
    waiting = list(root["K"])
    while waiting:
        kid = waiting.pop()
        if kid in elements and kid not in reached:
            reached.add(kid)
            waiting.extend(elements[kid]["K"])
    for reference in elements.keys() - reached:
        elements[reference].free = "f"
    numbers = objects[root["ParentTree"]]["Nums"]
    pages = {page["StructParents"]: page for page in pdf.objects if _is_page(page)}
    for key, owners in zip(numbers[::2], numbers[1::2], strict=True):
        if key not in pages:
            continue
        released = {mcid for mcid, owner in enumerate(owners) if owner not in reached}
        owners[:] = ["null" if mcid in released else own for mcid, own in enumerate(owners)]
        parts = objects[pages[key]["Contents"]].stream
        for at, part in enumerate(parts):
            if isinstance(part, dict) and part.get("MCID") in released:
                parts[at - 1 : at + 2] = ["/Artifact", "BMC", ""]


def scope_headers(pdf: pydyf.PDF) -> None:
    """Say of header cells that they head a column (ISO 14289-1, 7.5); Markdown has no others."""
    for item in pdf.objects:
        if isinstance(item, pydyf.Dictionary) and item.get("S") == "/TH":
            item["A"]["Scope"] = "/Column"


def _is_page(item: Any) -> bool:
    return isinstance(item, dict) and item.get("Type") == "/Page" and "StructParents" in item
