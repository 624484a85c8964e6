"""What templates made, before it is laid out: nesting, number of elements, spans of tables."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from booklet.limits.current import named, value

_SPANS = ("colspan", "rowspan", "span")


def faults_of_size(root: etree._Element) -> Iterator[str]:
    """Say what in a document is beyond the limits, with its line."""
    depth = count = 0
    deepest, most, widest = value("markup-depth"), value("markup-elements"), value("span")
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "end":
            depth -= 1
            continue
        depth, count = depth + 1, count + 1
        if depth == deepest + 1:
            yield f"line {element.sourceline}: nested too deeply ({named('markup-depth')})"
            return
        for name in _SPANS:
            if (digits := element.get(name, "").strip().lstrip("+0")) and _spans(digits) > widest:
                shown = f"{name}={digits[:20]}"
                yield f"line {element.sourceline}: {shown} is too wide ({named('span')})"
    if count > most:
        yield f"too many elements ({named('markup-elements')})"


def _spans(digits: str) -> int:
    """Read a span as a browser does: by its first digits."""
    number = digits[: len(digits) - len(digits.lstrip("0123456789"))][:18]
    return int(number) if number else 0
