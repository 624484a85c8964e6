"""Share computed styles between all elements and pages that the same rules meet.

The base computes a style lazily, property by property, and shares it between siblings of one
document. A book in pieces is many documents with one set of style sheets, and every page has
margins of its own: here a style is shared wherever rules, written style and parent are the same,
for as long as the sheets are. What an element has for itself, its id above all, stands apart, so
that it parts nothing below it.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from booklet.compose.weasy import ComputedStyle, StyleFor, css, page_making, replace

MOST_STYLES = 3_000
"""Styles that are kept for a set of sheets; all are forgotten when there are more."""

MOST_BOOKS = 4
"""Sets of sheets whose styles are kept."""

_OWN = re.compile(r"\s*counter-reset\s*:[^;]*;?\s*")
"""Written style that no descendant inherits."""

_SHARED = frozenset({"before", "after", "marker", "first-letter", "first-line"})
"""Pseudo-elements whose styles are not written to; the base writes anchors into those of notes."""

_SVG = "{http://www.w3.org/2000/svg}svg"
_COUNTED = "_compose_counted"

Rule = tuple[str, float, Any, Any]
"""A rule that an element meets: its origin, layer, specificity and declarations."""


class _Sizes(dict[str, Any]):
    """Sizes of the first page, which viewport units ask for; knows whether one did."""

    asked = False

    def __getitem__(self, key: str) -> Any:
        self.asked = True
        return super().__getitem__(key)


@dataclass(slots=True)
class _Styles:
    """The styles of a set of sheets.

    Attributes:
        held: What keys name by its identity: it must outlive them.
        sizes: Of the first page.
        known: Styles by what they are made of.
    """

    held: tuple[Any, ...]
    sizes: _Sizes = field(default_factory=lambda: _Sizes(box=None, area=None))
    known: dict[Any, Any] = field(default_factory=dict)


_kept: OrderedDict[tuple[Any, ...], _Styles] = OrderedDict()


def forget_styles() -> None:
    """Forget all styles."""
    _kept.clear()


class OwnStyle(ComputedStyle):  # type: ignore[misc]
    """The style of one element that shares all but a few properties with others."""

    def __init__(self, shared: Any, cascaded: Mapping[str, Any], own: frozenset[str]) -> None:
        """Make a style.

        Args:
            shared: The style that is shared.
            cascaded: Declared values.
            own: Names of the properties that are the element's own.
        """
        super().__init__(
            shared.parent_style, cascaded, shared.pseudo_type, shared.root_style, shared.base_url,
            shared.font_config, shared.initial_page_sizes,
        )  # fmt: skip
        self.specified, self.cache = shared.specified, shared.cache
        self.shared, self.own = shared, own

    def __missing__(self, key: str) -> Any:
        if key in self.own:
            return super().__missing__(key)
        value = self[key] = self.shared[key]
        return value


class Cascade(StyleFor):  # type: ignore[misc]
    """Gives every element its computed style, in the place of the base's."""

    def __init__(
        self, html: Any, sheets: Any, presentational_hints: Any, font_config: Any, targets: Any
    ) -> None:
        """Compute the styles of a document."""
        self._met: dict[Any, tuple[Any, list[Rule]]] = {}
        self.shared = not presentational_hints
        if presentational_hints:
            super().__init__(html, sheets, presentational_hints, font_config, targets)
            return
        self._sheets, self.font_config = sheets, font_config
        self._cascaded_styles: dict[Any, Any] = {}
        self._computed_styles: dict[Any, Any] = {}
        self._html, self._targets = html, targets
        self._styles: _Styles = _styles(html, sheets, font_config)
        self.initial_page_sizes = self._styles.sizes
        shared: dict[Any, Any] = {}
        for wrapper in html.wrapper_element.iter_subtree():
            self._element(wrapper, shared)
        self._root = shared[html.etree_element]

    def _element(self, wrapper: Any, shared: dict[Any, Any]) -> None:
        element = wrapper.etree_element
        parent = shared[wrapper.parent.etree_element] if wrapper.parent else None
        met: dict[str | None, list[Rule]] = {None: []}
        for sheet, origin, given in self._sheets:
            for specificity, _, pseudo, (declarations, layer) in sheet.matcher.match(wrapper):
                order = css.inf if layer is None else sheet.layers.index(layer)
                rule = origin, order, given or specificity, declarations
                met.setdefault(pseudo, []).append(rule)
        style = shared[element] = self._share(
            parent, None, met.pop(None), _inherited(element), element.tag
        )
        own = self._own(element, style)
        self._computed_styles[element, None] = own
        if anchor := own["anchor"]:
            self._targets.collect_anchor(anchor)
        for pseudo, rules in met.items():
            self._met[element, pseudo] = style, rules

    def __call__(self, element: Any, pseudo_type: str | None = None) -> Any:
        """Give the style of an element; that of a pseudo-element is computed when asked for."""
        if found := self._met.pop((element, pseudo_type), None):
            style, rules = found
            self._computed_styles[element, pseudo_type] = (
                self._share(style, pseudo_type, rules)
                if pseudo_type in _SHARED
                else self._make(style, pseudo_type, _cascade({}, rules))
            )
        return super().__call__(element, pseudo_type)

    def _share(
        self, parent: Any, pseudo: str | None, rules: Sequence[Rule],
        written: tuple[tuple[str, str], ...] = (), tag: Any = "",
    ) -> Any:  # fmt: skip
        known = self._styles.known
        met = tuple((origin, order, weight, id(said)) for origin, order, weight, said in rules)
        key = id(parent), pseudo, written, tag if written else "", met
        if (style := known.get(key)) is None:
            cascaded = _cascade(self._written(written, tag), rules)
            style = known[key] = self._make(parent, pseudo, cascaded)
        return style

    def _make(self, parent: Any, pseudo: str | None, cascaded: Mapping[str, Any]) -> Any:
        if parent is None:
            root = css.InitialStyle(self.font_config)
        else:
            root = parent if parent.parent_style is None else parent.root_style
        return ComputedStyle(
            parent, cascaded, pseudo, root, self._html.base_url, self.font_config,
            self.initial_page_sizes,
        )  # fmt: skip

    def _own(self, element: Any, style: Any) -> Any:
        written = _own(element)
        if not written:
            return style
        said = self._written(written, element.tag)
        cascaded = dict(style.cascaded)
        for name, (values, weight) in said.items():
            if name not in cascaded or cascaded[name][1] < weight:
                cascaded[name] = values, weight
        return OwnStyle(style, cascaded, frozenset(said))

    def _written(self, attributes: tuple[tuple[str, str], ...], tag: Any) -> dict[str, Any]:
        """Read the style that an element has written on it."""
        if not attributes:
            return {}
        found: dict[str, Any] = {}
        lone = _Lone(tag, dict(attributes))
        for specificity, _, declarations, base_url in css.find_style_attributes(
            lone, False, self._html.base_url
        ):
            declared = css.preprocess_declarations(base_url, declarations)
            rule: Rule = "author", css.inf, specificity, tuple(declared)
            found = _cascade(found, (rule,))
        return found

    def page(self, page_type: Any) -> None:
        """Compute the styles of a page and of its margins (CSS Paged Media 3, 4)."""
        met: dict[str | None, list[Rule]] = {None: []}
        for sheet, origin, given in self._sheets:
            for _, selectors, declarations in sheet.page_rules:
                for specificity, pseudo, kind in selectors:
                    if self._page_type_match(kind, page_type):
                        rule = origin, 0.0, tuple(given or specificity), declarations
                        met.setdefault(pseudo, []).append(rule)
        page = self._share(self._root, "@page", met.pop(None))
        self._computed_styles[page_type, None] = page
        for pseudo, rules in met.items():
            self._computed_styles[page_type, pseudo] = self._share(page, pseudo, rules)


class _Lone:
    """Stands for an element with some of its attributes, and without its descendants."""

    def __init__(self, tag: Any, attributes: Mapping[str, str]) -> None:
        self.tag, self.get = tag, attributes.get

    def iter(self) -> Iterator[_Lone]:
        yield self


def _cascade(found: dict[str, Any], rules: Sequence[Rule]) -> dict[str, Any]:
    """Find the value that wins for each property (CSS Cascading 5, 6.1)."""
    for origin, order, specificity, declarations in rules:
        for name, values, importance in declarations:
            weight = css.declaration_precedence(origin, importance), order, specificity
            if name not in found or found[name][1] <= weight:
                found[name] = values, weight
    return found


def _inherited(element: Any) -> tuple[tuple[str, str], ...]:
    names = ("style", "lang", "width", "height") if element.tag == _SVG else ("style", "lang")
    said = [(name, value) for name in names if (value := element.get(name))]
    return tuple(one for one in said if not (one[0] == "style" and _OWN.fullmatch(one[1])))


def _own(element: Any) -> tuple[tuple[str, str], ...]:
    names = ("style", "id", "name") if element.tag == "a" else ("style", "id")
    said = [(name, value) for name in names if (value := element.get(name))]
    return tuple(one for one in said if not (one[0] == "style" and not _OWN.fullmatch(one[1])))


def _styles(html: Any, sheets: Sequence[Any], fonts: Any) -> _Styles:
    """Find the styles of a set of sheets, or begin with none."""
    held = (*(sheet for sheet, _, _ in sheets), fonts)
    key = (*map(id, held), html.base_url)
    found = _kept.get(key)
    if found is not None and not found.sizes.asked and len(found.known) <= MOST_STYLES:
        _kept.move_to_end(key)
        found.sizes.update(box=None, area=None)
        return found
    found = _Styles(held)
    if all(origin != "author" for _, origin, _ in sheets):  # none stands in the document itself
        _kept[key] = found
        if len(_kept) > MOST_BOOKS:
            _kept.popitem(last=False)
    return found


# ---- switching on --------------------------------------------------------------------------------

_set_page_type_computed_styles = page_making.set_page_type_computed_styles
_standardize_page_based_counters = page_making._standardize_page_based_counters


def set_page_type_computed_styles(page_type: Any, html: Any, style_for: Any) -> None:
    """Compute the styles of a page and of its margins, or take those of a page like it."""
    if style_for.shared:
        style_for.page(page_type)
    else:
        _set_page_type_computed_styles(page_type, html, style_for)


def standardize_page_based_counters(style: Any, pseudo: Any) -> None:
    """Let a page count itself; once, although the style is that of many pages."""
    if not style.__dict__.get(_COUNTED):
        style.__dict__[_COUNTED] = True
        _standardize_page_based_counters(style, pseudo)


def share_styles() -> None:
    """Let the base share styles."""
    replace(css, "StyleFor", Cascade)
    replace(page_making, "set_page_type_computed_styles", set_page_type_computed_styles)
    replace(page_making, "_standardize_page_based_counters", standardize_page_based_counters)
