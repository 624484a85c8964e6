"""System fonts of a theme's ``epub.css``, named for the region of the book.

Themes name the fonts that readers in mainland China have; those of other regions have sisters of
another name, whose glyphs follow the region's own standard.
"""

from __future__ import annotations

import re

_TAIWAN = {
    "Songti SC": "Songti TC", "Kaiti SC": "Kaiti TC", "Heiti SC": "Heiti TC",
    "PingFang SC": "PingFang TC",
    "Noto Serif CJK SC": "Noto Serif CJK TC", "Noto Sans CJK SC": "Noto Sans CJK TC",
    "Noto Sans Mono CJK SC": "Noto Sans Mono CJK TC",
    "Source Han Serif SC": "Source Han Serif TC", "Source Han Sans SC": "Source Han Sans TC",
    "SimSun": "PMingLiU", "宋体": "新細明體", "SimHei": "Microsoft JhengHei", "黑体": "微軟正黑體",
    "KaiTi": "DFKai-SB", "STKaiti": "BiauKai", "楷体": "標楷體", "LXGW WenKai": "LXGW WenKai TC",
}  # fmt: skip
_HONG_KONG = _TAIWAN | {
    "PingFang SC": "PingFang HK",
    "Noto Serif CJK SC": "Noto Serif CJK HK", "Noto Sans CJK SC": "Noto Sans CJK HK",
    "Noto Sans Mono CJK SC": "Noto Sans Mono CJK HK",
    "Source Han Serif SC": "Source Han Serif HC", "Source Han Sans SC": "Source Han Sans HC",
    "SimSun": "MingLiU_HKSCS",
}  # fmt: skip

_FAMILY = re.compile(r"(?P<head>font-family\s*:)(?P<names>[^;}]*)")
_ONE = re.compile(r'"[^"]*"|(?<=[,\s/])[A-Za-z][\w-]*(?=\s*[,;}]|\s*$)')


def regional(css: str, language: str) -> str:
    """Name the system fonts of a region; ``language`` is BCP 47."""
    tag = language.lower()
    names = _HONG_KONG if tag.startswith(("zh-hk", "zh-mo", "zh-hant-hk")) else _TAIWAN
    if not tag.startswith(("zh-hant", "zh-tw", "zh-hk", "zh-mo")):
        return css

    def name(match: re.Match[str]) -> str:
        quoted = match[0].startswith('"')
        family = match[0].strip('"')
        sister = names.get(family)
        if sister is None:
            return match[0]
        return f'"{sister}"' if quoted or " " in sister else sister

    return _FAMILY.sub(lambda match: match["head"] + _ONE.sub(name, match["names"]), css)
