"""What templates may not make grow: texts and lists that double, numbers without end.

Each line of a template can double a text; forty lines would fill any memory. So what joins texts is
replaced by something that looks at the sizes first.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from jinja2 import filters, nodes, pass_eval_context
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import SecurityError
from jinja2.nodes import EvalContext
from jinja2.runtime import markup_join

from booklet import limits

_MOST_BITS = 256
"""Of a product; no page number or measure has so many."""


def check_size(size: int) -> None:
    """Refuse a text or list of more than the limit.

    Raises:
        SecurityError: It is.
    """
    if size > limits.value("template-text"):
        msg = f"the template makes a text too long ({limits.named('template-text')})"
        raise SecurityError(msg)


def concat(parts: Iterable[str]) -> str:
    """Join what a block or macro wrote."""
    parts = list(parts)
    check_size(sum(map(len, parts)))
    return "".join(parts)


def joined(parts: Iterable[Any]) -> Any:
    """Join the operands of ``~``."""
    parts = list(parts)
    check_size(sum(len(part) for part in parts if isinstance(part, str)))
    return markup_join(parts)


def check_operands(operator: str, left: Any, right: Any) -> None:
    """Look at the operands of ``+`` and ``*`` before they are combined.

    Raises:
        SecurityError: The result would be too large.
    """
    if operator == "+" and hasattr(left, "__len__") and hasattr(right, "__len__"):
        check_size(len(left) + len(right))
        if not isinstance(left, str) and len(left) + len(right) > limits.value("template-steps"):
            msg = f"the template makes a list too long ({limits.named('template-steps')})"
            raise SecurityError(msg)
    if (
        operator == "*"
        and isinstance(left, int)
        and isinstance(right, int)
        and left.bit_length() + right.bit_length() > _MOST_BITS
    ):
        msg = "the template multiplies numbers that are too large"
        raise SecurityError(msg)


@pass_eval_context
def replace(eval_ctx: EvalContext, text: Any, old: Any, new: Any, count: int | None = None) -> str:
    """Replace words in a text, as Jinja does."""
    whole, known = str(text), str(old)
    times = whole.count(known) if count is None or count < 0 else min(count, whole.count(known))
    check_size(len(whole) + times * max(len(str(new)) - len(known), 0))
    return filters.do_replace(eval_ctx, text, known if type(old) is str else old, new, count)


@pass_eval_context
def join(eval_ctx: EvalContext, value: Any, d: str = "", attribute: Any = None) -> str:
    """Join the items of a list, as Jinja does."""
    items = list(value)
    if attribute is None:
        check_size(sum(len(str(item)) + len(str(d)) for item in items))
    return filters.sync_do_join(eval_ctx, items, d, attribute)


class CappedGenerator(CodeGenerator):
    """Compiles ``~`` to `joined`, and loops to those that are counted."""

    def visit_For(self, node: nodes.For, frame: Frame) -> None:  # noqa: N802 - Jinja's name
        """Write a loop through what the environment counts."""
        count = nodes.EnvironmentAttribute("counted")
        counted = nodes.Call(count, [node.iter], [], None, None, lineno=node.lineno)
        node.iter = counted.set_environment(self.environment)
        super().visit_For(node, frame)

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802 - Jinja's name
        """Write the call."""
        self.write("environment.joined((")
        for operand in node.nodes:
            self.visit(operand, frame)
            self.write(", ")
        self.write("))")
