"""Set keys in the text of a header, and leave every other character of it as it is.

The YAML is read for the places of its keys, and only what is asked for is written over or inserted:
comments, order, quotes and blank lines stay. What cannot be done so is done by a round trip, and
the result is read back either way: if it says anything else than was asked, nothing is written.
"""

from __future__ import annotations

import copy
import io
import json
import re
from collections.abc import Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from booklet.errors import Findings
from booklet.manuscript.source import Source
from booklet.manuscript.yamlpos import read_yaml

Keys = tuple[str, ...]
Scalar = str | int | float | bool

_PLAIN = re.compile(r"[^\W_][\w./×-]*(?: [\w./×-]+)*")
_OPENING = re.compile(r"(\ufeff?---[ \t]*\r?\n)")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*\r?$", re.MULTILINE)


class HeaderError(ValueError):
    """The header cannot be written to; ``str()`` says why."""


def set_in_file(text: str, changes: Mapping[Keys, Scalar], *, markdown: bool) -> str:
    """Set keys in the file that holds a header.

    Args:
        text: The whole file, with its line ends.
        changes: Values by the path of their keys: ``("tokens", "accent")``.
        markdown: The file is a Markdown manuscript, whose header stands between lines of ``---``.

    Raises:
        HeaderError: The header cannot be read, or a key is no mapping that should be one.
    """
    if not markdown:
        return set_keys(text, changes)
    opening = _OPENING.match(text)
    closing = _CLOSING.search(text, opening.end()) if opening else None
    if opening is None or closing is None:
        end = _line_end(text)
        mark = "\ufeff" if text.startswith("\ufeff") else ""
        header = set_keys("", changes).replace("\n", end)
        return f"{mark}---{end}{header}---{end}{end}{text.removeprefix(mark)}"
    header = text[opening.end() : closing.start()]
    return opening[0] + set_keys(header, changes) + text[closing.start() :]


def set_keys(text: str, changes: Mapping[Keys, Scalar]) -> str:
    """Set keys in a YAML text.

    Raises:
        HeaderError: It cannot be read, or a key is no mapping that should be one.
    """
    before = _values(text)
    wanted = copy.deepcopy(before)
    for keys, value in changes.items():
        _put(wanted, keys, value)
    result = text
    try:
        for keys, value in changes.items():
            result = _set(result, keys, value)
        if _same(_values(result), wanted):
            return result
    except (HeaderError, YAMLError):
        pass  # a form of YAML that is not worth mending by hand
    result = _round_trip(text, changes)
    if not _same(_values(result), wanted):
        msg = "the header cannot be changed without changing more of it"
        raise HeaderError(msg)
    return result


def _values(text: str) -> dict[str, Any]:
    findings = Findings()
    tree = read_yaml(Source("", text.replace("\r\n", "\n").removeprefix("\ufeff")), findings)
    if tree is None or findings.fatal:
        msg = next((item.message for item in findings), "the header cannot be read")
        raise HeaderError(msg)
    if tree.value is None:
        return {}
    if not isinstance(tree.value, dict):
        msg = "the header is no mapping of keys to values"
        raise HeaderError(msg)
    return tree.value


def _same(one: object, two: object) -> bool:
    """Compare values and their types, so that ``on`` is not taken for true, nor 1 for 1.0."""
    return json.dumps(one, sort_keys=True) == json.dumps(two, sort_keys=True)


def _put(values: dict[str, Any], keys: Keys, value: Scalar) -> None:
    for key in keys[:-1]:
        inner = values.get(key)
        if inner is None:
            inner = values[key] = {}
        if not isinstance(inner, dict):
            msg = f"{key} is no mapping of keys to values"
            raise HeaderError(msg)
        values = inner
    values[keys[-1]] = value


# ---- by hand ------------------------------------------------------------------------------------


def _set(text: str, keys: Keys, value: Scalar) -> str:
    """Set one key: replace its value, or insert it where its mapping ends."""
    root = YAML(typ="safe", pure=True).compose(text)
    if root is None:
        gap = "" if not text or text.endswith("\n") else _line_end(text)
        return text + gap + _block(keys, value, 0, _line_end(text))
    node: Any = root
    name: Any = root
    for depth, key in enumerate(keys):
        if not isinstance(node, MappingNode):
            break
        pair = next((pair for pair in node.value if pair[0].value == key), None)
        if pair is None:
            return _insert(text, node, keys[depth:], value)
        owner, (name, node) = node, pair
        if depth < len(keys) - 1 and _is_null(node):
            return _fill(text, (owner, name, node), keys[depth + 1 :], value)
    if not isinstance(node, ScalarNode) or node.style in {"|", ">"}:
        msg = f"{keys[-1]} is no single value"
        raise HeaderError(msg)
    start, end = node.start_mark.index, node.end_mark.index
    if start == end:  # nothing is there, and its marks lie behind the comment
        start = end = text.index(":", name.end_mark.index) + 1
    space = "" if start and text[start - 1].isspace() else " "
    return text[:start] + space + _written(value, node.style or "") + text[end:]


def _is_null(node: Any) -> bool:
    return isinstance(node, ScalarNode) and not node.style and node.value in {"", "~", "null"}


def _fill(text: str, pair: tuple[Any, Any, Any], keys: Keys, value: Scalar) -> str:
    """Write a mapping where a key has no value."""
    owner, name, node = pair
    start, end = node.start_mark.index, node.end_mark.index
    if owner.flow_style:
        return f"{text[:start]} {_flow(keys, value, quoted=name.style == chr(34))}{text[end:]}"
    text = text[:start].rstrip(" ") + text[end:] if node.value else text
    at = _next_line(text, name.end_mark.index)
    head = text[:at] if text[:at].endswith("\n") else text[:at] + _line_end(text)
    return head + _block(keys, value, name.start_mark.column + 2, _line_end(text)) + text[at:]


def _insert(text: str, mapping: MappingNode, keys: Keys, value: Scalar) -> str:
    """Add a key at the end of a mapping."""
    if mapping.flow_style:
        at = mapping.end_mark.index - 1
        quoted = bool(mapping.value) and mapping.value[0][0].style == '"'
        words = _flow(keys, value, quoted=quoted)[1:-1]
        body = text[:at].rstrip()
        comma = "" if not mapping.value or body.endswith(",") else ","
        gap = "" if body.endswith("{") else " "
        return f"{body}{comma}{gap}{words}{text[len(body) : at]}{text[at:]}"
    last = _last(mapping)
    end = last.end_mark.index
    at = end if end and text[end - 1] == "\n" else _next_line(text, end)
    head = text[:at] if text[:at].endswith("\n") else text[:at] + _line_end(text)
    column = mapping.value[0][0].start_mark.column
    return head + _block(keys, value, column, _line_end(text)) + text[at:]


def _last(node: Any) -> Any:
    """Give the node that ends last; the end of a block mapping itself lies behind its comments."""
    while isinstance(node, MappingNode | SequenceNode) and node.value and not node.flow_style:
        inner = node.value[-1]
        node = inner[1] if isinstance(node, MappingNode) else inner
        if isinstance(inner, tuple) and _is_null(node):
            return inner[0]
    return node


def _next_line(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end + 1


def _line_end(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _block(keys: Keys, value: Scalar, column: int, end: str) -> str:
    lines = [f"{' ' * (column + 2 * depth)}{key}:" for depth, key in enumerate(keys)]
    return f"{end.join(lines)} {_written(value, '')}{end}"


def _flow(keys: Keys, value: Scalar, *, quoted: bool) -> str:
    style = '"' if quoted else ""
    words = _written(value, style)
    for key in reversed(keys):
        words = f"{{{json.dumps(key, ensure_ascii=False) if quoted else key}: {words}}}"
    return words


def _written(value: Scalar, style: str) -> str:
    """Write a scalar, in the quotes of the one that it replaces."""
    if not isinstance(value, str):
        return json.dumps(value)
    if style == "'" and value.isprintable():
        return "'" + value.replace("'", "''") + "'"
    if style == '"' or not _is_plain(value):
        return json.dumps(value, ensure_ascii=False)
    return value


def _is_plain(value: str) -> bool:
    """Tell whether a text means itself without quotes, within braces too."""
    if not _PLAIN.fullmatch(value):
        return False
    tree = read_yaml(Source("", f"{{key: {value}}}"), Findings())
    # Readers of older YAML take on and off for truth values.
    words = {"on", "off", "yes", "no", "y", "n"}
    return tree is not None and tree.value == {"key": value} and value.lower() not in words


# ---- by a round trip ----------------------------------------------------------------------------


def _round_trip(text: str, changes: Mapping[Keys, Scalar]) -> str:
    yaml = YAML()
    yaml.preserve_quotes, yaml.width = True, 10_000
    target = io.StringIO()
    try:
        values = yaml.load(text)
        if values is None:
            values = yaml.map()
        for keys, value in changes.items():
            _put(values, keys, value)
        yaml.dump(values, target)
    except YAMLError as error:
        raise HeaderError(str(error).split("\n", 1)[0]) from error
    return target.getvalue().replace("\n", _line_end(text))
