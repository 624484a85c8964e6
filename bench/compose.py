"""Measure what composition costs: python bench/compose.py [--pages 8 146 729] [--rounds 5].

Plain WeasyPrint and composed WeasyPrint set the same generated Chinese documents in processes of
their own, in turns, so that whatever else the machine does disturbs both alike. The result is the
ratio of the medians of their processor time, without the start of Python.
"""

from __future__ import annotations

import argparse
import random
import statistics
import subprocess
import sys
import time

WORDS = [
    "网络",
    "安全",
    "信息化",
    "发展",
    "国家",
    "人民",
    "建设",
    "创新",
    "驱动",
    "战略",
    "技术",
    "核心",
    "数据",
    "治理",
    "空间",
    "主权",
    "合作",
    "共享",
    "开放",
    "时代",
    "经济",
    "社会",
    "文化",
    "教育",
    "坚持",
    "推进",
    "加强",
    "完善",
    "必须",
    "我们",
    "他们",
    "一个",
    "没有",
    "就是",
    "重要",
    "工作",
]
STYLE = (
    "@page{size:A5;margin:18mm 18mm 20mm;@bottom-center{content:counter(page)}}"
    "html{font:10.5pt/18pt 'Noto Serif CJK SC'}p{margin:0;text-indent:2em;text-align:justify}"
    "h2{font-size:14pt;line-height:36pt;margin:0}"
)
A_PAGE = 815
"""Characters that fill a page."""


def document(pages: int) -> str:
    """Write a document of about so many pages, the same each time."""
    chance = random.Random(pages)
    parts, count = [], 0
    while count < pages * A_PAGE:
        if chance.random() < 0.1:
            parts.append(f"<h2>{''.join(chance.choices(WORDS, k=4))}</h2>")
            count += 44
        text = ""
        for _ in range(chance.randint(2, 8)):
            clauses = ["".join(chance.choices(WORDS, k=chance.randint(2, 7))) for _ in range(3)]
            form = chance.choice(
                ["{}，{}，{}。", "{}：“{}，{}。”", "《{}》（{}）、{}；", "{}<b>{}，</b>{}！",
                 "在2014年2月27日{}，{} Internet {}。"]
            )  # fmt: skip
            text += form.format(*clauses)
        parts.append(f"<p>{text}</p>")
        count += len(text) + 14
    return f"<html lang=zh-CN><style>{STYLE}</style>{''.join(parts)}</html>"


def one(pages: int, *, composed: bool) -> None:
    """Set a document and print processor seconds and pages."""
    from weasyprint import HTML

    if composed:
        from booklet.compose import install

        install()
    html = document(pages)
    start = time.process_time()
    rendered = HTML(string=html).render()
    rendered.write_pdf()
    sys.stdout.write(f"{time.process_time() - start} {len(rendered.pages)}\n")


def main() -> None:
    """Compare, or be one side of the comparison."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, nargs="+", default=[8, 146, 729])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--one", choices=["plain", "composed"], help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        one(asked.pages[0], composed=asked.one == "composed")
        return
    for pages in asked.pages:
        times: dict[str, list[float]] = {"plain": [], "composed": []}
        counts = {}
        for _ in range(asked.rounds):
            for side, found in times.items():
                command = [sys.executable, __file__, "--one", side, "--pages", str(pages)]
                done = subprocess.run(command, check=True, capture_output=True, text=True)
                seconds, counts[side] = done.stdout.split()
                found.append(float(seconds))
        plain, composed = (statistics.median(times[side]) for side in ("plain", "composed"))
        sys.stdout.write(
            f"{counts['plain']} pages plain {plain:.2f} s, {counts['composed']} composed "
            f"{composed:.2f} s: ratio {composed / plain:.3f}\n"
        )


if __name__ == "__main__":
    main()
