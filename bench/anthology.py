"""Write the same Chinese anthology for booklet and for its peers.

Words are drawn by lot from a short list, the same each time. Every section begins a page and fills
at most half of it, so that a book has nearly as many pages in every program.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from html import escape
from pathlib import Path

WORDS = [
    "春山", "秋水", "清风", "明月", "竹林", "石径", "书房", "灯火", "旧友",
    "远客", "茶烟", "琴声", "渡口", "小桥", "田园", "雨声", "松影", "花香",
    "归雁", "读书", "写字", "种树", "登高", "望远", "听泉", "煮酒", "论诗",
    "访古", "问路", "缓缓", "静静", "从前", "后来", "每日", "往往", "渐渐",
    "不必", "可以", "因此", "所谓", "我们", "人间", "天地", "岁月", "心中",
    "其中", "一种", "许多", "道理", "学问", "生活", "文字", "印刷", "装订",
]  # fmt: skip
PLACES = ["山居书会", "江南读书会", "城南印书馆", "旧书展览会", "文字研究所", "出版工作会议"]
KINDS = ["讲话", "致辞", "贺信", "座谈发言"]
FORMS = [
    "{}，{}，{}。",
    "{}：“{}，{}。”",
    "《{}》（{}）、{}；",
    "{}，{}！{}。",
    "在1984年，{}，{}，{}。",
]
EXCERPTS = 2
"""Excerpts of a section."""

SECTIONS_OF_A_PAGE = 25
"""Lines of the contents that stand on one page of it."""

TITLE = "山居读书录"
PREFACE = "本书的文字由词语随机连缀而成，只用来量度排版的快慢，不必细读。" * 3


@dataclass(frozen=True, slots=True)
class Section:
    """A section: its title, and excerpts of a paragraph and an attribution each."""

    title: str
    excerpts: tuple[tuple[str, str], ...]


def sections(pages: int) -> tuple[Section, ...]:
    """Write the sections of a book of about so many pages, the same each time."""
    chance = random.Random(20261129)
    count = round((pages - 1) * SECTIONS_OF_A_PAGE / (SECTIONS_OF_A_PAGE + 1))
    return tuple(_section(chance) for _ in range(max(1, count)))


def _section(chance: random.Random) -> Section:
    title = "".join(chance.choices(WORDS, k=chance.randint(3, 6)))
    excerpts = []
    for _ in range(EXCERPTS):
        text = "".join(_sentence(chance) for _ in range(chance.randint(2, 4)))
        day = f"{chance.randint(2001, 2025)}年{chance.randint(1, 12)}月{chance.randint(1, 28)}日"
        source = f"——{day}，在{chance.choice(PLACES)}上的{chance.choice(KINDS)}"
        excerpts.append((text, source))
    return Section(title, tuple(excerpts))


def _sentence(chance: random.Random) -> str:
    clauses = ["".join(chance.choices(WORDS, k=chance.randint(2, 6))) for _ in range(3)]
    return chance.choice(FORMS).format(*clauses)


def changed(book: tuple[Section, ...], turn: int) -> tuple[Section, ...]:
    """Change one character of the last section, another one each turn."""
    *others, last = book
    (text, source), *rest = last.excerpts
    text = text[:5] + "甲乙丙丁戊己庚辛壬癸"[turn % 10] + text[6:]
    return (*others, Section(last.title, ((text, source), *rest)))


HEADER = f"""title: {TITLE}
manuscript: manuscript.md
editions: [screen, ebook]
ebook: {{pages: none}}
layout: {{trim: A5, type_area: {{size: 五号, characters: 29, lines: 25}}}}
options: {{sections: page, indexes: "off"}}
"""
"""As the peers set it: 五号 is 10.5 pt. Indexes are left out, for no peer makes them."""


def write_publication(folder: Path, book: tuple[Section, ...]) -> None:
    """Write what booklet builds: header and manuscript."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "booklet.yaml").write_text(HEADER, "utf-8")
    write_manuscript(folder, book)


def write_manuscript(folder: Path, book: tuple[Section, ...]) -> None:
    """Write the manuscript alone."""
    parts = [f"> **【编前语】**{PREFACE}"]
    for section in book:
        parts.append(f"## {section.title}")
        parts += [part for excerpt in section.excerpts for part in excerpt]
    (folder / "manuscript.md").write_text("\n\n".join(parts) + "\n", "utf-8")


# ---- peers ---------------------------------------------------------------------------------------

_PAGE = (
    "@page{size:A5;margin:20mm 18mm;"
    "@bottom-center{content:counter(page);font:9pt 'Noto Serif CJK SC'}"
    "@top-center{font:9pt 'Noto Serif CJK SC';color:#666%s}}@page:first{@top-center{content:none}}"
)
_COMMON = (
    "html{font:10.5pt/1.8 'Noto Serif CJK SC'}body{margin:0}p{margin:0;text-indent:2em;"
    "text-align:justify}h1{font-size:20pt;text-align:center;margin:10mm 0 8mm}h2{font-size:14pt;"
    "line-height:1.4;text-align:center;margin:0 0 6mm}.preface{margin:0 0 8mm;font-size:9.5pt}"
    ".source{font-size:9pt;color:#666;text-align:right;text-indent:0;margin-bottom:.8em}"
    "nav ol{list-style:none;margin:0;padding:0}nav h3{text-align:center;font-size:12pt}"
    "nav a{color:inherit;text-decoration:none}"
)


def write_weasyprint(folder: Path, book: tuple[Section, ...]) -> None:
    """Write HTML for plain WeasyPrint: contents with leaders and folios, running heads."""
    style = (
        _PAGE % ";content:string(section)" + _COMMON
        + "h2{break-before:page;string-set:section content()}"
        "nav a::after{content:leader('.') target-counter(attr(href),page)}"
    )  # fmt: skip
    (folder / "weasyprint.html").write_text(_html(book, style), "utf-8")


def write_chromium(folder: Path, book: tuple[Section, ...]) -> None:
    """Write HTML for Chromium, which knows no folios in contents and no running heads by strings.

    The head is that of a named page for each section; contents have leaders and no folio.
    """
    named = "".join(
        f"@page s{at}{{@top-center{{content:'{section.title}'}}}}#c{at}{{page:s{at}}}"
        for at, section in enumerate(book)
    )
    style = (
        _PAGE % "" + _COMMON + named + "section{break-before:page}"
        "html{text-autospace:normal;text-spacing-trim:normal}"
        "nav a{display:flex}nav a::after{content:'';flex:1;border-bottom:1px dotted}"
    )
    (folder / "chromium.html").write_text(_html(book, style), "utf-8")


def _html(book: tuple[Section, ...], style: str) -> str:
    lines = "".join(f"<li><a href='#s{at}'>{one.title}</a></li>" for at, one in enumerate(book))
    body = "".join(
        f"<section id=c{at}><h2 id=s{at}>{one.title}</h2>"
        + "".join(f"<p>{escape(text)}</p><p class=source>{by}</p>" for text, by in one.excerpts)
        + "</section>\n"
        for at, one in enumerate(book)
    )
    return (
        f"<!doctype html><html lang=zh-CN><meta charset=utf-8><title>{TITLE}</title>"
        f"<style>{style}</style><h1>{TITLE}</h1><p class=preface>{PREFACE}</p>"
        f"<nav><h3>目录</h3><ol>{lines}</ol></nav>\n{body}</html>\n"
    )


_TYPST = """#set document(title: "TITLE")
#set page(paper: "a5", margin: (x: 18mm, y: 20mm), numbering: "1")
#set text(font: "Noto Serif CJK SC", size: 10.5pt, lang: "zh", region: "cn",
  top-edge: 0.7em, bottom-edge: -0.3em)
#set par(justify: true, leading: 0.8em, spacing: 0.8em,
  first-line-indent: (amount: 2em, all: true))
#show heading: it => align(center, block(below: 6mm, text(14pt, it.body)))
#let source(body) = block(above: 0.8em, below: 1.4em, width: 100%, align(right)[
  #set par(first-line-indent: 0em)
  #text(9pt, fill: rgb("#666"), body)])
#let section(title, body) = page(
  header: align(center, text(9pt, fill: rgb("#666"), title)), heading(title) + body)
#align(center, block(above: 10mm, below: 8mm, text(20pt, weight: "bold")[TITLE]))
#text(9.5pt)[PREFACE]
#v(8mm)
#align(center, text(12pt, weight: "bold")[目录])
#outline(title: none)
"""


def write_typst(folder: Path, book: tuple[Section, ...]) -> None:
    """Write the book for Typst."""
    parts = [_TYPST.replace("TITLE", TITLE).replace("PREFACE", PREFACE)]
    for one in book:
        body = "\n\n".join(f"{text}\n#source[{by}]" for text, by in one.excerpts)
        parts.append(f"#section([{one.title}])[\n{body}\n]\n")
    (folder / "book.typ").write_text("\n".join(parts), "utf-8")


_LATEX = r"""\documentclass[UTF8,zihao=5,oneside,openany,fontset=none]{ctexbook}
\setCJKmainfont{Noto Serif CJK SC}[BoldFont={Noto Serif CJK SC Bold}]
\setmainfont{Noto Serif CJK SC}[BoldFont={Noto Serif CJK SC Bold}]
\usepackage[a5paper,hmargin=18mm,vmargin=20mm]{geometry}
\usepackage{fancyhdr,xcolor}
\usepackage[hidelinks]{hyperref}
\linespread{1.5}
\ctexset{chapter={numbering=false,format=\centering\zihao{4}\bfseries,beforeskip=0pt,
  afterskip=6mm,fixskip=true,pagestyle=fancy}}
\pagestyle{fancy}\fancyhf{}\renewcommand\headrulewidth{0pt}
\fancyhead[C]{\small\color{gray}\leftmark}\fancyfoot[C]{\small\thepage}
\renewcommand\chaptermark[1]{\markboth{#1}{}}
\newcommand\source[1]{{\par\raggedleft\small\color{gray}#1\par}\medskip}
\makeatletter\newcommand\contents{\@starttoc{toc}}
\renewcommand*\l@chapter{\@dottedtocline{0}{0em}{0em}}\makeatother
\begin{document}
{\centering\zihao{2}\bfseries TITLE\par}\bigskip
{\small PREFACE\par}
\begin{center}\bfseries 目录\end{center}
\contents
"""


def write_latex(folder: Path, book: tuple[Section, ...]) -> None:
    """Write the book for XeLaTeX with ctex."""
    parts = [_LATEX.replace("TITLE", TITLE).replace("PREFACE", PREFACE)]
    for one in book:
        parts.append(rf"\chapter{{{one.title}}}")
        parts += [f"{text}\n\n\\source{{{by}}}" for text, by in one.excerpts]
    parts.append("\\end{document}\n")
    (folder / "book.tex").write_text("\n\n".join(parts), "utf-8")
