"""Colour spaces (ISO 32000-1, 8.6): what a colour puts on which plate."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pikepdf import Array, Dictionary, Name, Stream

from booklet.finish.preflight.source import name_of, number_of, part

DEEPEST = 8
"""Colour spaces inside one another."""

DEVICE = {
    "DeviceGray": ("gray", 1), "CalGray": ("gray", 1),
    "DeviceRGB": ("rgb", 3), "CalRGB": ("rgb", 3), "Lab": ("lab", 3),
    "DeviceCMYK": ("cmyk", 4), "CalCMYK": ("cmyk", 4), "Pattern": ("pattern", 0),
}  # fmt: skip
SHORT = {"G": "DeviceGray", "RGB": "DeviceRGB", "CMYK": "DeviceCMYK"}
"""Names that inline images use."""

PLATES = {"Cyan": 0, "Magenta": 1, "Yellow": 2, "Black": 3}


@dataclass(frozen=True, slots=True)
class Inks:
    """A colour as shares of ink, each 0 to 1, on the four process plates and on spot plates."""

    cyan: float = 0.0
    magenta: float = 0.0
    yellow: float = 0.0
    black: float = 0.0
    spots: tuple[tuple[str, float], ...] = ()

    @property
    def process(self) -> tuple[float, float, float, float]:
        """Cyan, magenta, yellow, black."""
        return self.cyan, self.magenta, self.yellow, self.black

    @property
    def coloured(self) -> float:
        """Cyan, magenta and yellow together."""
        return self.cyan + self.magenta + self.yellow

    @property
    def total(self) -> float:
        """All inks together, 1 for a full plate."""
        return self.coloured + self.black + sum(share for _, share in self.spots)

    @property
    def plates(self) -> int:
        """Inks above 2 %."""
        shares = (*self.process, *(share for _, share in self.spots))
        return sum(share > 0.02 for share in shares)

    def __str__(self) -> str:
        words = [
            f"{letter} {share:.0%}"
            for letter, share in zip("CMYK", self.process, strict=True)
            if share > 0.0005
        ]
        words += [f"{name} {share:.0%}" for name, share in self.spots if share > 0.0005]
        return " ".join(words) or "no ink"


NO_INK, SOLID_BLACK = Inks(), Inks(black=1.0)


@dataclass(frozen=True)
class Space:
    """A colour space.

    Attributes:
        family: As the file names it: DeviceCMYK, ICCBased, Separation …
        kind: What its colours are: gray, rgb, cmyk, lab, spot, pattern, unknown.
        components: Numbers in one of its colours.
        colorants: Names of inks, for Separation and DeviceN.
        base: Of an Indexed or Pattern space.
    """

    family: str
    kind: str
    components: int
    colorants: tuple[str, ...] = ()
    base: Space | None = field(default=None)

    @cached_property
    def carried(self) -> Space:
        """The space that the colours are really in: the base of an Indexed space."""
        return self.base.carried if self.base and self.family == "Indexed" else self

    @cached_property
    def spots(self) -> tuple[str, ...]:
        """Colorants that are no process ink."""
        return tuple(
            name for name in self.carried.colorants if name not in PLATES and name not in SPECIAL
        )

    def inks(self, values: tuple[float, ...]) -> Inks | None:
        """Tell what a colour puts on the plates; None where only a conversion would know."""
        if len(values) < self.components or not self.components:
            return None
        shares = [min(max(value, 0.0), 1.0) for value in values[: self.components]]
        if self.kind == "gray":
            return Inks(black=1.0 - shares[0])
        if self.kind == "cmyk" and self.family != "Indexed":
            cyan, magenta, yellow, black = shares
            return Inks(cyan, magenta, yellow, black)
        if self.kind == "spot":
            return self._named(shares)
        if self.kind == "rgb" and min(shares) > 0.999:
            return NO_INK  # white is the paper in every space
        return None

    def _named(self, shares: list[float]) -> Inks:
        plates = [0.0, 0.0, 0.0, 0.0]
        spots: list[tuple[str, float]] = []
        for name, share in zip(self.colorants, shares, strict=False):
            if name == "All":
                plates = [max(plate, share) for plate in plates]
            elif name in PLATES:
                plates[PLATES[name]] = share
            elif name != "None":
                spots.append((name, share))
        cyan, magenta, yellow, black = plates
        return Inks(cyan, magenta, yellow, black, tuple(spots))


SPECIAL = frozenset({"All", "None"})
UNKNOWN = Space("unknown", "unknown", 0)
OF_DEVICE = {name: Space(name, kind, count) for name, (kind, count) in DEVICE.items()}
GRAY, RGB, CMYK = (OF_DEVICE[name] for name in ("DeviceGray", "DeviceRGB", "DeviceCMYK"))


def read_space(value: Any, resources: Any = None, depth: int = 0) -> Space:
    """Read a colour space: a name, or an array.

    Args:
        value: As the file has it: an object, or a name with its slash from a content stream.
        resources: Where names of spaces are looked up.
        depth: How many spaces this one lies in.
    """
    if depth > DEEPEST:
        return UNKNOWN
    if isinstance(value, (str, Name)):
        name = str(value)[1:]
        named = part(part(resources, "/ColorSpace"), "/" + name)
        if named is not None and name not in ("DeviceGray", "DeviceRGB", "DeviceCMYK", "Pattern"):
            return read_space(named, None, depth + 1)
        return OF_DEVICE.get(SHORT.get(name, name), UNKNOWN)
    if not isinstance(value, Array) or not len(value):
        return UNKNOWN
    family = name_of(value[0])
    if family in OF_DEVICE and family != "Pattern":
        return OF_DEVICE[family]
    return _parametrised(family, value, resources, depth)


def _parametrised(family: str, value: Any, resources: Any, depth: int) -> Space:
    second = value[1] if len(value) > 1 else None
    if family == "ICCBased" and isinstance(second, Stream):
        count = int(number_of(second.get("/N")))
        kind = {1: "gray", 3: "rgb", 4: "cmyk"}.get(count, "unknown")
        return Space("ICCBased", kind, count)
    if family in ("Indexed", "I"):
        base = read_space(second, resources, depth + 1)
        return Space("Indexed", base.kind, 1, base=base)
    if family == "Separation":
        return Space("Separation", "spot", 1, (name_of(second),))
    if family == "DeviceN" and isinstance(second, Array) and len(second) <= 32:
        names = tuple(name_of(one) for one in second)
        return Space("DeviceN", "spot", len(names), names)
    if family == "Pattern":
        return Space("Pattern", "pattern", 0, base=read_space(second, resources, depth + 1))
    return UNKNOWN


def function_outputs(value: Any, depth: int = 0) -> int | None:
    """Count the numbers that a function gives (ISO 32000-1, 7.10); None where nobody can tell."""
    if depth > DEEPEST:
        return None
    if isinstance(value, Array):
        outputs = [function_outputs(one, depth + 1) for one in list(value)[:33]]
        return None if None in outputs else sum(one or 0 for one in outputs)
    kind = part(value, "/FunctionType")
    if kind == 2:
        first, last = part(value, "/C0"), part(value, "/C1")
        counts = {len(one) for one in (first, last) if isinstance(one, Array)} or {1}
        return counts.pop() if len(counts) == 1 else None
    if kind == 3:
        parts = part(value, "/Functions")
        found = {function_outputs(one, depth + 1) for one in list(parts)[:256]} if isinstance(
            parts, Array) else set()  # fmt: skip
        return found.pop() if len(found) == 1 else None
    domain = part(value, "/Range")
    return len(domain) // 2 if isinstance(domain, Array) else None


def group_space(group: Any, resources: Any) -> Space | None:
    """Give the blend space of a transparency group; None where it takes that of its page."""
    space = part(group, "/CS") if isinstance(group, Dictionary) else None
    return None if space is None else read_space(space, resources)
