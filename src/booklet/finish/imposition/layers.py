"""Optional content: which layers of a stranger's PDF print, and how the others are taken out.

A sheet has no layers: what would not be printed is removed from the content, what would be is
plain content from then on. ISO 32000-1, 8.11; states are those of printing (8.11.4.5).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Object

from booklet import limits
from booklet.finish.imposition.grammar import word

ObjectId = tuple[int, int]

DEEPEST_EXPRESSION = 16
"""Levels of a visibility expression; writers nest two or three."""
_PAINTS = frozenset({"Tj", "TJ", "'", '"', "Do", "sh", "INLINE IMAGE"})
_PATHS = frozenset({"f", "F", "f*", "B", "B*", "b", "b*", "S", "s"})


class CarryLimitError(ValueError):
    """A file that is too large or too deep to be cleaned; ``str()`` says which."""


@dataclass(frozen=True, slots=True)
class Layers:
    """The layers of a file.

    Attributes:
        present: Whether the file has layers at all.
        hidden: Object ids of the groups that do not print.
        names: What those are called.
    """

    present: bool = False
    hidden: frozenset[ObjectId] = frozenset()
    names: tuple[str, ...] = ()

    def hides(self, membership: Any, depth: int = 0) -> bool:
        """Tell whether what belongs to a group, or to an expression of groups, does not print."""
        if not self.present or not isinstance(membership, Dictionary):
            return False
        if membership.get("/Type") != Name.OCMD:
            return membership.objgen in self.hidden
        expression = membership.get("/VE")
        if isinstance(expression, Array):
            return not self._true(expression, depth)
        groups = membership.get("/OCGs")
        members = _some(groups) if isinstance(groups, Array) else [groups]
        shown = [one.objgen not in self.hidden for one in members if isinstance(one, Dictionary)]
        if not shown:
            return False
        match word(membership.get("/P", "/AnyOn")):
            case "/AllOn":
                return not all(shown)
            case "/AnyOff":
                return all(shown)
            case "/AllOff":
                return any(shown)
            case _:
                return not any(shown)

    def _true(self, expression: Any, depth: int) -> bool:
        """Work out a visibility expression; what is none is a group, or true."""
        if not isinstance(expression, Array) or not len(expression):
            return not self.hides(expression, depth + 1)
        if depth > DEEPEST_EXPRESSION:
            msg = f"the expression of a layer is nested more than {DEEPEST_EXPRESSION} deep"
            raise CarryLimitError(msg)
        operands = [self._true(item, depth + 1) for item in _some(expression)[1:]]
        match word(expression[0]):
            case "/And":
                return all(operands)
            case "/Or":
                return any(operands)
            case "/Not":
                return not all(operands)
            case _:
                return True

    def hidden_names(self, resources: Any) -> frozenset[str]:
        """Give the property lists of a resource dictionary that mark hidden content."""
        if not self.present or not isinstance(resources, Dictionary):
            return frozenset()
        lists = resources.get("/Properties")
        if not isinstance(lists, Dictionary):
            return frozenset()
        return frozenset(name for name, value in lists.items() if self.hides(value))


def read_layers(pdf: pikepdf.Pdf) -> Layers:
    """Find the layers that do not print."""
    properties = pdf.Root.get("/OCProperties")
    if not isinstance(properties, Dictionary):
        return Layers()
    groups = {group.objgen: group for group in _groups(properties.get("/OCGs"))}
    default = properties.get("/D")
    hidden: set[ObjectId] = set()
    if isinstance(default, Dictionary):
        if default.get("/BaseState") == Name.OFF:
            hidden = set(groups)
        hidden -= {group.objgen for group in _groups(default.get("/ON"))}
        hidden |= {group.objgen for group in _groups(default.get("/OFF"))}
        for group, prints in _print_states(default.get("/AS")):
            (hidden.discard if prints else hidden.add)(group)
    hidden &= set(groups)
    names = tuple(word(groups[one].get("/Name", "")) for one in sorted(hidden))
    return Layers(True, frozenset(hidden), names)


def _groups(value: Any) -> list[Object]:
    if not isinstance(value, Array):
        return []
    return [item for item in _some(value) if isinstance(item, Dictionary)]


def _some(array: Array) -> list[Any]:
    """Give the items of an array; too many are refused, for what is not looked at would print."""
    if len(array) > limits.value("pdf-layers"):
        msg = f"it has too many layers ({limits.named('pdf-layers')})"
        raise CarryLimitError(msg)
    return list(array)


def _print_states(usages: Any) -> list[tuple[ObjectId, bool]]:
    """Read what the usage of layers says of printing, which goes before the default state."""
    states = []
    for usage in _groups(usages):
        if usage.get("/Event") != Name.Print:
            continue
        for group in _groups(usage.get("/OCGs")):
            says: Any = group
            for key in ("/Usage", "/Print"):
                says = says.get(key) if isinstance(says, Dictionary) else None
            state = says.get("/PrintState") if isinstance(says, Dictionary) else None
            if state is not None:
                states.append((group.objgen, state == Name.ON))
    return states


def without_hidden(stream: Any, hidden: frozenset[str]) -> bytes:
    """Take out of a content stream what is drawn between marks of hidden layers.

    The state of graphics is kept, for what follows may rely on it.

    Args:
        stream: A page or a stream of pikepdf.
        hidden: Names of property lists that mark hidden content.
    """
    kept: list[Any] = []
    marks: list[bool] = []  # for each open mark: does it hide
    for instruction in pikepdf.parse_content_stream(stream):
        operator, operands = str(instruction.operator), instruction.operands
        if operator in {"BMC", "BDC"}:
            marks.append(_hides(operator, operands, hidden))
        elif operator == "EMC" and marks:
            marks.pop()
        if any(marks):
            if operator in _PAINTS:
                continue
            if operator in _PATHS:
                kept.append(pikepdf.ContentStreamInstruction([], pikepdf.Operator("n")))
                continue
        kept.append(instruction)
    return pikepdf.unparse_content_stream(kept)


def _hides(operator: str, operands: Any, hidden: frozenset[str]) -> bool:
    return (
        operator == "BDC"
        and len(operands) > 1
        and operands[0] == Name.OC
        and isinstance(operands[1], Name)
        and word(operands[1]) in hidden
    )
