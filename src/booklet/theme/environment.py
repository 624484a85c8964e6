"""The Jinja environment of a theme: a sandbox that renders values and calls nothing of ours.

Templates may come from strangers. They see frozen values and safe HTML, load only from the search
path, and can neither import, call methods, nor format with attribute access.
"""

from __future__ import annotations

import dataclasses
import re
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, NoReturn

from jinja2 import (
    BaseLoader,
    BytecodeCache,
    Environment,
    StrictUndefined,
    Template,
    TemplateNotFound,
)
from jinja2.bccache import Bucket
from jinja2.exceptions import SecurityError
from jinja2.runtime import BlockReference, LoopContext, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from booklet import limits
from booklet.theme.files import SearchPath
from booklet.theme.growth import (
    CappedGenerator,
    check_operands,
    concat,
    join,
    joined,
    replace,
)
from booklet.theme.numerals import chinese_numeral

_DIGITS = re.compile(r"(<[^>]*>|&[#\w]+;)|(\d+(?:[.:]\d+)*)")
_MARKS = re.compile(r"(<[^>]*>)|([，、。；：！？“”‘’（）《》〈〉「」『』【】…—·])")
_FORBIDDEN_FILTERS = ("format", "center", "indent", "batch", "slice", "pprint", "xmlattr", "tojson",
                      "random")  # fmt: skip


class _Loader(BaseLoader):
    """Load templates through the search path only."""

    def __init__(self, files: SearchPath) -> None:
        self.files = files

    def get_source(self, _: Environment, template: str) -> tuple[str, str, None]:
        data = self.files.read(template)
        if data is None:
            raise TemplateNotFound(template)
        # The name, not the path: a message must not tell where the machine keeps its files.
        return data.decode("utf-8"), template, None


class _Compiled(BytecodeCache):
    """Templates as they were compiled before in this process, by their very source.

    A process that lays out the same book again and again does not compile them each time.
    """

    MOST = 512

    def __init__(self) -> None:
        self.codes: OrderedDict[tuple[str, str], bytes] = OrderedDict()

    def load_bytecode(self, bucket: Bucket) -> None:
        code = self.codes.get((bucket.key, bucket.checksum))
        if code is not None:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.codes[bucket.key, bucket.checksum] = bucket.bytecode_to_string()
        if len(self.codes) > self.MOST:
            self.codes.popitem(last=False)


_COMPILED = _Compiled()


MOST_SAFE = 10_000
"""Attributes of types of ours whose safety is remembered."""

_SAFE: dict[tuple[type, str], bool] = {}


class _Sandbox(ImmutableSandboxedEnvironment):
    """Closed further: nothing is callable but Jinja's own blocks, loops and macros.

    Rounds of loops, calls and templates within others are counted: what goes through words within
    words, or calls itself twice, would otherwise never end.
    """

    steps_left: int

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Tell whether a template may read an attribute: for values of ours, by their type."""
        kind = type(obj)
        known = _SAFE.get((kind, attr))
        if known is None:
            known = super().is_safe_attribute(obj, attr, value)
            if kind.__module__.startswith("booklet.") and len(_SAFE) < MOST_SAFE:
                _SAFE[kind, attr] = known
        return known

    def step(self, count: int = 1) -> None:
        """Count steps.

        Raises:
            SecurityError: There have been too many.
        """
        self.steps_left -= count
        if self.steps_left < 0:
            msg = f"the templates count too far ({limits.named('template-steps')})"
            raise SecurityError(msg)

    def counted(self, items: Any) -> Any:
        """Count what a loop goes through."""
        if hasattr(items, "__len__"):
            self.step(len(items))
            return items
        return self._counted_one_by_one(items)

    def _counted_one_by_one(self, items: Iterable[Any]) -> Iterator[Any]:
        for item in items:
            self.step()
            yield item

    def range(self, *bounds: int) -> range:
        """Count in a loop; templates know it by its name."""
        numbers = range(*bounds)
        self.step(len(numbers))
        return numbers

    def get_template(self, *arguments: Any, **more: Any) -> Template:
        """Load a template, also one within another."""
        self.step()
        return super().get_template(*arguments, **more)

    def call(self, context: Any, thing: Any, /, *arguments: Any, **more: Any) -> Any:
        """Call what may be called: a macro, a block, or a loop that calls itself."""
        self.step()
        if isinstance(thing, LoopContext) and arguments:
            arguments = (self.counted(arguments[0]), *arguments[1:])
        return super().call(context, thing, *arguments, **more)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Give an attribute; a field of a frozen value holds what was put there for templates."""
        kind: Any = type(obj)
        if attribute in _fields_of(kind):
            return getattr(obj, attribute)
        return super().getattr(obj, attribute)

    intercepted_binops = frozenset(["+", "*", "**", "%"])
    code_generator_class = CappedGenerator
    concat = staticmethod(concat)
    joined = staticmethod(joined)

    def is_safe_callable(self, obj: Any) -> bool:
        if isinstance(obj, Macro | BlockReference | LoopContext):
            return True
        owner = getattr(obj, "__self__", None)
        return isinstance(owner, LoopContext) or obj in (self.range, self.counted)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        check_operands(operator, left, right)
        numbers = isinstance(left, int | float) and isinstance(right, int | float)
        if operator != "+" and (not numbers or operator == "**"):
            msg = f"templates may not use {operator!r} here"
            raise SecurityError(msg)
        return super().call_binop(context, operator, left, right)

    def wrap_str_format(self, value: Any) -> Any:
        """Close ``str.format``: its attribute access and padding pass by the sandbox."""
        owner = getattr(value, "__self__", None)
        if isinstance(owner, str) and getattr(value, "__name__", "") in {"format", "format_map"}:
            return _refuse
        return None


@cache
def _fields_of(kind: type) -> frozenset[str]:
    """Name the fields of a frozen dataclass that a template may read; none for other classes."""
    if not dataclasses.is_dataclass(kind) or not kind.__dataclass_params__.frozen:  # type: ignore[attr-defined]
        return frozenset()
    return frozenset(one.name for one in dataclasses.fields(kind) if not one.name.startswith("_"))


def _refuse(*_: Any, **__: Any) -> NoReturn:
    msg = "templates may not call str.format"
    raise SecurityError(msg)


def figures(text: str | Markup) -> Markup:
    """Wrap figures in ``<span class="figures">``, so that a theme can set them in another face."""
    html = text if isinstance(text, Markup) else Markup.escape(text)

    def wrap(match: re.Match[str]) -> str:
        return match[1] or f'<span class="figures">{match[2]}</span>'

    return Markup(_DIGITS.sub(wrap, str(html)))


def marks(text: str | Markup) -> Markup:
    """Wrap Chinese marks in ``<span class="mark">``, so that a theme can give them other cells."""
    html = text if isinstance(text, Markup) else Markup.escape(text)

    def wrap(match: re.Match[str]) -> str:
        return match[1] or f'<span class="mark">{match[2]}</span>'

    return Markup(_MARKS.sub(wrap, str(html)))


def shorten(text: str, limit: int) -> str:
    """Cut a text to ``limit`` characters and ……, as a running head does."""
    return text if len(text) <= limit else text[: max(limit - 2, 1)] + "……"


def balance(length: int, fitting: int) -> int:
    """Tell how many characters each line of a title holds, so that its lines are alike.

    Args:
        length: Characters of the title.
        fitting: Characters that a line can hold.
    """
    lines = -(-length // max(fitting, 1))
    return -(-length // max(lines, 1))


def environment(files: SearchPath) -> Environment:
    """Make the environment for one theme."""
    env = _Sandbox(
        loader=_Loader(files),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=_COMPILED,
    )
    for name in _FORBIDDEN_FILTERS:
        env.filters.pop(name, None)
    env.steps_left = limits.value("template-steps")
    env.globals = {"range": env.range}
    env.filters |= {
        "replace": replace,
        "join": join,
        "chinese": chinese_numeral,
        "figures": figures,
        "marks": marks,
        "shorten": shorten,
        "balance": balance,
    }
    return env


def render(env: Environment, name: str, context: dict[str, Any]) -> str:
    """Render a template, up to the limit ``template-text``.

    Raises:
        jinja2.TemplateError: The template is missing, wrong, or asks for what it may not have.
    """
    parts: list[str] = []
    size, most = 0, limits.value("template-text")
    for part in env.get_template(name).generate(context):
        size += len(part)
        if size > most:
            msg = f"the template produced too much ({limits.named('template-text')})"
            raise SecurityError(msg)
        parts.append(part)
    return "".join(parts)
