"""The header: plain values to `Header`, every fault at the line of its key."""

from __future__ import annotations

import difflib
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from booklet.errors import Findings
from booklet.manuscript.yamlpos import Path, Tree
from booklet.model.binding import BarcodeSpec, CoverSpec
from booklet.model.derived import ConversionSpec, DerivedSpec
from booklet.model.header import (
    Contributor,
    ExcerptData,
    Header,
    LayoutSpec,
    ManuscriptSpec,
    SectionData,
    Series,
    TypeAreaSpec,
)
from booklet.model.imprint import CipSpec, ImprintSpec
from booklet.model.measures import TRIM_SIZES
from booklet.model.office import OfficeSpec
from booklet.model.press import PressSpec

_MODELS: dict[str, type[BaseModel]] = {
    "": Header,
    "contributors": Contributor,
    "series": Series,
    "layout": LayoutSpec,
    "cover": CoverSpec,
    "barcode": BarcodeSpec,
    "conversion": ConversionSpec,
    "imprint": ImprintSpec,
    "cip": CipSpec,
    "press": PressSpec,
    "office": OfficeSpec,
    "type_area": TypeAreaSpec,
    "manuscript": ManuscriptSpec,
    "sections": SectionData,
    "excerpts": ExcerptData,
}
_WANTED = {
    "string": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "dict": "a mapping of keys to values",
    "model": "a mapping of keys to values",
    "tuple": "a list",
    "list": "a list",
    "date": "a date such as 2026-11-23",
}
_SECTIONS = TypeAdapter(tuple[SectionData, ...])


_FORMS = {
    "language": "a language tag such as zh-Hans",
    "role": "a MARC relator code of three small letters, such as edt",
    "id": "ASCII letters, digits, - and _, with a letter first",
    "[key]": "up to 20 small letters and digits, with a letter first",
}


def header_schema() -> dict[str, Any]:
    """Give the JSON Schema of the header, for editors that complete and check YAML."""
    schema = Header.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "booklet.yaml"
    schema["description"] = "The header of a publication."
    return schema


_HEADER = TypeAdapter(Header)


def read_header(tree: Tree, findings: Findings) -> Header | None:
    """Make the header of plain values, and tell everything that is wrong with them.

    Returns:
        What is right of it, so that the text can be read and its faults told in the same run;
        None where the keys that say what to read are wrong.
    """
    header: Header | None = _validate(_HEADER, tree, findings)
    return header if header is not None else _salvage(tree)


def _salvage(tree: Tree) -> Header | None:
    """Make a header of the keys that are right."""
    if not isinstance(tree.value, dict):
        return None
    try:
        return Header.model_validate(tree.value)
    except ValidationError as error:
        wrong = {problem["loc"][0] for problem in error.errors() if problem["loc"]}
    if wrong & {"manuscript", "sections"}:
        return None
    return Header.model_validate({k: v for k, v in tree.value.items() if k not in wrong})


def read_sections(tree: Tree, findings: Findings) -> tuple[SectionData, ...] | None:
    """Make sections of plain values that a data file gives."""
    sections: tuple[SectionData, ...] | None = _validate(_SECTIONS, tree, findings)
    return sections


def _validate(adapter: TypeAdapter[Any], tree: Tree, findings: Findings) -> Any:
    try:
        return adapter.validate_python(tree.value)
    except ValidationError as error:
        problems = error.errors(include_url=False)
    if _numbers_as_text(problems, tree):
        return _validate(adapter, tree, findings)
    for path, group in _by_path(problems, tree).items():
        _tell(path, _weightiest(group), tree, findings)
    return None


def _numbers_as_text(problems: list[Any], tree: Tree) -> bool:
    """Take numbers as written where text is wanted (``title: 1984``); tell whether any was."""
    changed = False
    for problem in problems:
        path = _path(problem["loc"], tree)
        value = _look_up(tree.value, path)
        # A date given as a year alone fails as a date and as text: as text it is right.
        wants_text = problem["type"] == "string_type"
        if wants_text and path and isinstance(value, (int, float)) and not isinstance(value, bool):
            owner: Any = _look_up(tree.value, path[:-1])
            owner[path[-1]] = tree.written.get(path, str(value))
            changed = True
    return changed


def _look_up(value: Any, path: Path) -> Any:
    for step in path:
        value = value[step]
    return value


def _path(loc: tuple[int | str, ...], tree: Tree) -> Path:
    """Reduce pydantic's location to keys and indexes; it also names branches of unions."""
    value: Any = tree.value
    path: list[str | int] = []
    for step in loc:
        if (isinstance(value, dict) and step in value) or (
            isinstance(value, list) and isinstance(step, int) and step < len(value)
        ):
            value = value[step]  # type: ignore[index]
            path.append(step)
    return tuple(path)


def _by_path(problems: list[Any], tree: Tree) -> dict[Path, list[Any]]:
    """Gather the problems of each value; a union reports one for each of its branches."""
    groups: dict[Path, list[Any]] = {}
    for problem in problems:
        groups.setdefault(_path(problem["loc"], tree), []).append(problem)
    # Where a problem lies deeper, the branches that did not fit the outer value are noise.
    return {
        path: group
        for path, group in groups.items()
        if not all(_is_type(problem) for problem in group)
        or not any(len(other) > len(path) and other[: len(path)] == path for other in groups)
    }


def _is_type(problem: Any) -> bool:
    return str(problem["type"]).endswith(("_type", "_parsing", "_from_datetime_inexact"))


def _weightiest(group: list[Any]) -> list[Any]:
    """Leave out branches of a union whose type the value has not, unless nothing else is left."""
    others = [problem for problem in group if not _is_type(problem)]
    return others or group


def _tell(path: Path, group: list[Any], tree: Tree, findings: Findings) -> None:
    for problem in group if all(p["type"] == "missing" for p in group) else group[:1]:
        kind, name = str(problem["type"]), ".".join(str(step) for step in path) or "the header"
        if kind == "extra_forbidden":
            _tell_unknown_key(path, tree, findings)
        elif kind == "missing":
            key = problem["loc"][-1]
            findings.error(
                tree.key_place(path), "key-missing", f"{name} lacks the key {key}", f"add {key}: …"
            )
        elif _is_type(problem):
            wanted = " or ".join(dict.fromkeys(_wanted(p) for p in group))
            findings.error(
                tree.place(path),
                "value-type",
                f"{name} must be {wanted}, not {_shown(problem['input'])}",
                _type_hint(path, problem),
            )
        else:
            _tell_value(path, name, problem, tree, findings)


def _wanted(problem: Any) -> str:
    kind = str(problem["type"]).split("_", 1)[0]
    return _WANTED.get(kind, str(problem["msg"]))


def _type_hint(path: Path, problem: Any) -> str:
    if not path and isinstance(problem["input"], str) and "：" in problem["input"]:
        return "write the colon after a key as ': ', not as the full-width ："
    if str(problem["type"]).startswith(("tuple", "list")) and isinstance(problem["input"], str):
        return f"write [{problem['input']}]"
    if path and problem["input"] is None:
        return f"give a value, or leave out {path[-1]}"
    return ""


def _tell_unknown_key(path: Path, tree: Tree, findings: Findings) -> None:
    owner = next((step for step in reversed(path[:-1]) if isinstance(step, str)), "")
    model = _MODELS.get(owner, Header) if path[:1] != (0,) or owner else SectionData
    if path[:1] == ("derived",):
        model = DerivedSpec
    if isinstance(tree.value, list) and not owner:
        model = SectionData
    known = list(model.model_fields)
    near = difflib.get_close_matches(str(path[-1]), known, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]}?" if near else f"known keys: {', '.join(known)}"
    findings.error(tree.key_place(path), "key-unknown", f"unknown key {path[-1]}", hint)


def _tell_value(path: Path, name: str, problem: Any, tree: Tree, findings: Findings) -> None:
    is_key = problem["loc"][-1:] == ("[key]",)
    given, place = _shown(problem["input"]), tree.key_place(path) if is_key else tree.place(path)
    context = problem.get("ctx", {})
    if path[:1] == ("editions",) and problem["type"] == "literal_error":
        known = context["expected"].replace("'", "")
        findings.error(
            place, "edition-unknown", f"unknown edition {given}", f"known editions: {known}"
        )
    elif path == ("layout", "trim"):
        near = difflib.get_close_matches(str(problem["input"]), TRIM_SIZES, n=3, cutoff=0.3)
        names = ", ".join(near or TRIM_SIZES)
        findings.error(place, "trim-unknown", f"unknown trim size {given}", f"{names} or 140x203mm")
    elif path == ("isbn",):
        findings.error(place, "isbn-invalid", f"{given}: {_reason(problem)}", "check the digits")
    elif path == ("date",):
        findings.error(
            place, "value-invalid", f"date: {given} is no date", "2026, 2026-11 or 2026-11-23"
        )
    else:
        findings.error(place, "value-invalid", f"{name}: {given} {_complaint(problem)}")


def _reason(problem: Any) -> str:
    return str(problem.get("ctx", {}).get("error", problem["msg"]))


def _complaint(problem: Any) -> str:
    context = problem.get("ctx", {})
    match problem["type"]:
        case "string_too_short" | "too_short":
            return "is empty"
        case "string_too_long":
            return f"is longer than {context['max_length']} characters"
        case "string_pattern_mismatch":
            return f"must be {_FORMS.get(str(problem['loc'][-1]), context['pattern'])}"
        case "greater_than_equal":
            return f"must be at least {context['ge']}"
        case "less_than_equal":
            return f"must be at most {context['le']}"
        case "literal_error":
            return f"must be {context['expected']}"
        case _:
            return f"is not valid: {_reason(problem)}"


def _shown(value: Any) -> str:
    """Quote a value in a message, shortened."""
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"“{text[:60]}…”" if len(text) > 60 else f"“{text}”"
