"""SVG pictures: only those that draw, and nothing that runs, loads or multiplies."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.parsers import expat

from booklet.limits.current import named, value

_FORBIDDEN = {"script", "foreignObject", "iframe", "object", "embed", "audio", "video", "handler"}
_GRADIENTS = {"linearGradient", "radialGradient"}
_LEFT_OUT = re.compile(
    r"fe(?!Offset$|Blend$|Flood$|Func|Merge|PointLight|SpotLight|DistantLight)[A-Z]\w*"
    r"|flowRoot|flowRegion|flowPara|mesh|meshgradient|hatch|solidcolor"
)
"""What the renderer of pages does not draw, and does not tell: effects, and parts of SVG 2."""

_NOTHING = re.compile(r"\+?0*(\.0*)?(px|pt|mm|cm|in|em|%)?")
_COMMON_SIDE = 1000.0
"""Units across what a gradient fills, where it does not say."""
_HREFS = {"href", "xlink:href", "src"}
_NAMED = re.compile(r"url\(\s*[\"']?\s*#([^\"')\s]+)")
_LOADS = re.compile(r"url\((?!\s*[\"']?\s*(?:#|data:image/))|@import|javascript:", re.IGNORECASE)


class SvgError(ValueError):
    """A picture may not be drawn; ``code`` is that of the diagnostic."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.code = code
        self.hint = hint


@dataclass(slots=True)
class _Element:
    """An element with an id, or the whole: what it holds and whom it names."""

    own: int = 0
    names: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Reader:
    """Receives the parser's events."""

    source: str
    elements: int = 0
    depth: int = 0
    tags: list[str] = field(default_factory=list)
    open: list[tuple[int, str]] = field(default_factory=list)
    known: dict[str, _Element] = field(default_factory=lambda: {"": _Element()})

    def refuse(self, what: str) -> None:
        """Stop reading."""
        raise SvgError(
            "image-unsafe", f"{self.source} holds {what}", "export it as plain SVG, or as PNG"
        )

    def break_off(self, what: str) -> None:
        """Stop reading, for something would be missing."""
        raise SvgError(
            "image-broken", f"{self.source} {what}",
            "export it as plain SVG with its effects drawn, or as PNG",
        )  # fmt: skip

    def doctype(self, *_arguments: object) -> None:
        self.refuse("a DOCTYPE")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        self.depth += 1
        local = tag.rpartition(":")[2]
        self.tags.append(local)
        if local in _FORBIDDEN:
            self.refuse(f"<{local}>")
        if _LEFT_OUT.fullmatch(local):
            self.break_off(f"holds <{local}>, which the pages would lack")
        if self.depth == 1 and any(
            _NOTHING.fullmatch(attributes.get(side, "1").strip()) for side in ("width", "height")
        ):
            self.break_off("has no size")
        if self.depth > value("svg-depth"):
            self.refuse(f"elements nested too deeply ({named('svg-depth')})")
        if self.elements > value("svg-elements"):
            self.refuse(f"too many elements ({named('svg-elements')})")
        if local in _GRADIENTS:
            self._check_gradient(attributes)
        if name := attributes.get("id"):
            self.open.append((self.depth, name))
            self.known.setdefault(name, _Element())
        names = [
            reference
            for key, value in attributes.items()
            for reference in self._of(key, value)
            if local != "a" or key.lower() not in _HREFS
        ]
        for element in [self.known[""], *(self.known[name] for _, name in self.open)]:
            element.own += 1
            element.names += names

    def _check_gradient(self, attributes: dict[str, str]) -> None:
        """A gradient that repeats is drawn once for each of its lengths."""
        spread = attributes.get("spreadMethod", "pad").strip()
        if spread == "pad":
            return
        relative = attributes.get("gradientUnits", "objectBoundingBox") != "userSpaceOnUse"
        least = (1.0 if relative else _COMMON_SIDE) / value("svg-repeats")
        if "gradientTransform" in attributes or self._length(attributes) < least:
            self.refuse(f"a gradient that repeats too often ({named('svg-repeats')})")

    @staticmethod
    def _length(attributes: dict[str, str]) -> float:
        """Give the length of a gradient in its own units; a part of 1 where it is in percent."""

        def number(key: str, default: float) -> float:
            text = attributes.get(key, "").strip()
            try:
                return float(text[:-1]) / 100 if text.endswith("%") else float(text)
            except ValueError:
                return default

        if "r" in attributes or "cx" in attributes:
            return number("r", 0.5)
        return max(
            abs(number("x2", 1.0) - number("x1", 0.0)), abs(number("y2", 0.0) - number("y1", 0.0))
        )

    def _of(self, key: str, value: str) -> list[str]:
        """Check an attribute, and give the ids that it names."""
        if key.lower().startswith("on"):
            self.refuse(f"the script {key}")
        if _LOADS.search(value):
            self.refuse("a reference to another file")
        if key.lower() in _HREFS:
            target = value.strip()
            if target.startswith("#"):
                return [target[1:]]
            if not target.startswith("data:image/") or target.startswith("data:image/svg"):
                self.refuse("a reference to another file")
        return _NAMED.findall(value)

    def end(self, _tag: str) -> None:
        self.tags.pop()
        if self.open and self.open[-1][0] == self.depth:
            self.open.pop()
        self.depth -= 1

    def text(self, words: str) -> None:
        if _LOADS.search(words):
            self.refuse("a reference to another file")
        if self.tags and self.tags[-1] == "style":
            self.known[""].names += _NAMED.findall(words)


def check_svg(source: str, data: bytes) -> None:
    """Read an SVG picture.

    Raises:
        SvgError: It is damaged, loads another file, runs a script, or draws too much.
    """
    reader = _Reader(source)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = reader.doctype
    parser.EntityDeclHandler = reader.doctype
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise SvgError(
            "image-broken", f"{source} is damaged: {error}", "export it again"
        ) from error
    _check_cost(reader)
    for name in reader.known[""].names:
        if name not in reader.known:
            reader.break_off(f"refers to #{name[:40]}, which it does not hold")


def _check_cost(reader: _Reader) -> None:
    """Count what is drawn when references are followed; a circle would never end."""
    costs: dict[str, int] = {}
    path: set[str] = set()

    def cost(name: str) -> int:
        if name in path or len(path) > value("svg-depth"):
            reader.refuse("references in a circle")
        if name not in costs:
            element = reader.known.get(name, _Element())
            path.add(name)
            costs[name] = element.own + sum(cost(other) for other in element.names)
            path.discard(name)
        if costs[name] > value("svg-drawn"):
            reader.refuse(f"references that multiply ({named('svg-drawn')})")
        return costs[name]

    cost("")
