"""The imprint page 版权页 as data: what the publisher states, and what the build may count.

Nothing here has a value of its own: a line is printed only where the header gives it, or asks for
a figure by name.
"""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from booklet.model.measures import TRIM_SIZES, TrimSize

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]

COUNTED = frozenset({"auto", "area", "text"})
"""Values that stand for a figure of the build instead of printed words."""

_FRACTION = re.compile(r"1\s*/\s*(?P<leaves>\d{1,3})\b")
_NAMED = re.compile(r"(?P<leaves>\d+)开$")
_ISO_A = {"A3": 8, "A4": 16, "A5": 32, "A6": 64}


class _Model(BaseModel):
    """A value: frozen, compared by content, closed to unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class CipSpec(_Model):
    """图书在版编目（CIP）数据 as the national library issued it (GB/T 12451)."""

    number: Line = Field(description="核字号, such as 2026123456: what stands between 第 and 号.")
    title: Line | None = Field(default=None, description="正书名; else the publication's title.")
    parallel_title: Line | None = Field(default=None, description="并列书名, in another language.")
    other_title: Line | None = Field(default=None, description="其他书名信息, such as a subtitle.")
    responsibility: Line | None = Field(
        default=None, description="责任者 with the kind of their work: 王明编著；李强译."
    )
    edition: Line | None = Field(default=None, description="版本, from the second on: 2版.")
    place: Line | None = Field(default=None, description="出版地, such as 北京.")
    publisher: Line | None = Field(default=None, description="出版者; else the header's.")
    date: Line | None = Field(default=None, description="As printed, 2026.11; else the header's.")
    series: Line | None = Field(default=None, description="丛书, without brackets; else none.")
    isbn: Line | None = Field(default=None, description="As issued; else the header's.")
    headings: tuple[Line, ...] = Field(
        default=(), description="Headings by title and name, older form: 网…, 王…."
    )
    subjects: tuple[Line, ...] = Field(
        default=(), description="主题, older form: 互联网络－发展－中国."
    )
    classification: tuple[Line, ...] = Field(
        default=(), description="分类号 of the Chinese Library Classification, such as TP393.4."
    )


class ImprintSpec(_Model):
    """Lines of the imprint page that have no key of their own in the header."""

    address: Line | None = Field(default=None, description="地址 of the publisher.")
    postcode: Line | None = Field(default=None, description="邮编.")
    telephone: Line | None = Field(default=None, description="电话.")
    website: Line | None = Field(default=None, description="网址.")
    distributor: Line | None = Field(default=None, description="发行, where another distributes.")
    printer: Line | None = Field(default=None, description="印刷.")
    format: Line = Field(
        default="auto",
        description="开本 as printed, 880mm×1230mm 1/32; auto: the trim size in millimetres.",
    )
    sheets: Line | None = Field(
        default=None, description="印张 as printed; auto: pages of the interior by leaves a sheet."
    )
    characters: Line | None = Field(
        default=None,
        description="字数 as printed; area (or auto): 版面字数, lines × characters × pages; "
        "text: characters of the text as counted.",
    )
    impression: Line | None = Field(default=None, description="印次: 2026年11月第1次印刷.")
    print_run: Line | None = Field(default=None, description="印数: 1—3000册.")


def leaves_a_sheet(trim: TrimSize, printed: str) -> int | None:
    """Tell how many leaves of a trim size a full sheet gives (开数).

    Args:
        trim: The trim size; its name says it (32开, A5), or the name of a size of the same measure.
        printed: 开本 as printed, where ``1/32`` says it.

    Returns:
        32 for 32开, or None where nothing says it.
    """
    if match := _FRACTION.search(printed):
        return int(match["leaves"]) or None
    same = [name for name, size in TRIM_SIZES.items() if size == (trim.width, trim.height)]
    for name in (trim.name, *same):
        if name in _ISO_A:
            return _ISO_A[name]
        if match := _NAMED.search(name):
            return int(match["leaves"])
    return None


def printed_sheets(pages: int, leaves: int) -> str:
    """Write 印张: one printed sheet is one side of a full sheet, and holds as many pages.

    Args:
        pages: Pages of the interior with its blanks.
        leaves: Leaves that a full sheet gives.

    Returns:
        A decimal of up to three places, rounded up: ``7.5``, ``0.875``.
    """
    thousandths = -(-pages * 1000 // leaves)
    return f"{thousandths / 1000:.3f}".rstrip("0").rstrip(".")


def thousands(characters: int) -> str:
    """Write 字数 in whole thousands, rounded half up, 1 at least: ``180``."""
    return str(max((characters + 500) // 1000, 1))
