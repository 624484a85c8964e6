"""Which part of a publication each top-level block of the manuscript belongs to.

Decided once, on the parser's nodes, so that the transcript and the model part the text alike and
share nothing else.

The first ``#`` of the body is the title. A second ``#``, or one in a later file, is a section as
``##`` is; if the header gives the title and the body has several ``#`` that differ from it, all of
them are sections.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from booklet.errors import Findings
from booklet.manuscript import html
from booklet.manuscript.markdown import Document
from booklet.manuscript.nodes import Node, inline_of, line_words, start_of
from booklet.model.header import Header

LONGEST_BOLD_HEADING = 40
"""Characters; a longer paragraph in bold is emphasis."""

_NAMES = (
    "编者按|编者的话|编前语|编前话|编后语|编者前言|编辑说明|编辑部按|编选说明|出版说明|出版者的话|出版前言|"
    "再版说明|重印说明|前言|序言|自序|代序|序|引言|导言|导语|按语|说明|凡例|题记|卷首语|开篇语|致读者|"
    "編者按|編者的話|編前語|編輯說明|出版說明|出版者的話|再版說明|導言|導語|按語|說明|題記|卷首語|致讀者"
)
_LABEL = re.compile(
    rf"\s*(【[^【】\n]{{1,30}}】[：:]?|(?:{_NAMES})[：:]|(?:{_NAMES})(?=\s*(?:\n|$)))"
)
_NAME = re.compile(_NAMES)


@dataclass(slots=True)
class Part:
    """A stretch of top-level blocks with what heads it.

    Attributes:
        document: The file or text that it begins in.
        heading: Heading, or a paragraph in bold that serves as one.
        label: 【编前语】 and the like, with which the first paragraph of a quotation opens.
        nodes: The blocks, each with its document.
    """

    document: Document
    heading: Node | None = None
    label: str = ""
    nodes: list[tuple[Document, Node]] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The id that the author gives the heading, or ''."""
        return "" if self.heading is None else str(self.heading.attrs.get("id", ""))


@dataclass(slots=True)
class Outline:
    """The parts of a publication, in reading order."""

    title: Part | None = None
    front: list[Part] = field(default_factory=list)
    sections: list[Part] = field(default_factory=list)
    back: list[Part] = field(default_factory=list)

    @property
    def parts(self) -> tuple[Part, ...]:
        """Every part, in reading order."""
        title = () if self.title is None else (self.title,)
        return (*title, *self.front, *self.sections, *self.back)


def label_at(text: str) -> str:
    """Give the label that a text opens with, '' if it opens with none."""
    match = _LABEL.match(text)
    return match[1] if match else ""


def is_front_name(words: str) -> bool:
    """Tell whether a heading names a text before the body, such as 前言."""
    return _NAME.fullmatch(words) is not None


def label_of(quote: Node) -> str:
    """Give the label that a quotation opens with, '' if it opens with none."""
    first = quote.children[0] if quote.children else None
    if first is None or first.type != "paragraph" or first.attrs:
        return ""
    return label_in(first)


def label_in(paragraph: Node) -> str:
    """Give the label that a paragraph opens with, '' if it opens with none."""
    children = inline_of(paragraph)
    if not children:
        return ""
    lines = "".join("\n" if c.type in {"softbreak", "hardbreak"} else _of(c) for c in children)
    if label := label_at(lines):
        return label
    bold = _of(children[0]).strip() if children[0].type == "strong" else ""
    return bold if _NAME.fullmatch(bold) else ""


def _of(node: Node) -> str:
    return "".join(_of(child) for child in node.children) if node.children else node.content


def make_outline(
    front: Iterable[Document],
    body: Iterable[Document],
    back: Iterable[Document],
    header: Header,
    findings: Findings,
) -> Outline:
    """Part the documents of a manuscript."""
    outline = Outline()
    for document in front:
        outline.front += front_parts(document, findings)
    nodes = [(document, node) for document in body for node in document.blocks]
    title = _title_line(nodes, header, findings)
    if title is not None and title.heading is not None:
        nodes = [(document, node) for document, node in nodes if node is not title.heading]
        outline.title = title if not title.label else None
    _part_body(nodes, outline)
    for document in back:
        outline.back += _headed(document)
    return outline


def _same(one: str, other: str) -> bool:
    return "".join(one.split()) == "".join(other.split())


def _title_line(
    nodes: list[tuple[Document, Node]], header: Header, findings: Findings
) -> Part | None:
    """Find the line that is the title; a label marks one that the header overrules."""
    lines = [(document, node) for document, node in nodes if _level(node) == 1]
    if not lines:
        return None
    document, node = lines[0]
    words = line_words(node)
    if header.title is None or _same(words, header.title):
        return Part(document, heading=node) if words.strip() else None
    if len(lines) > 1:
        return None
    findings.warning(
        start_of(node, document.source),
        "title-differs",
        f"the header gives another title than this line: {header.title}",
        "the title of the header is printed and this line left out; make both the same, "
        "or write ## if it heads a section",
    )
    return Part(document, heading=node, label="overruled")


def _level(node: Node) -> int:
    return int(node.tag[1:]) if node.type == "heading" else 0


def _part_body(nodes: list[tuple[Document, Node]], outline: Outline) -> None:
    bold = not any(_level(node) in {1, 2} for _, node in nodes)
    for document, node in nodes:
        if _level(node) in {1, 2} or (bold and _is_bold_heading(node)):
            outline.sections.append(Part(document, heading=node))
        elif outline.sections:
            outline.sections[-1].nodes.append((document, node))
        elif node.type == "blockquote" and (label := label_of(node)):
            inner = [(document, child) for child in node.children]
            outline.front.append(Part(document, label=label, nodes=inner))
        elif not _says_nothing(node):
            outline.sections.append(Part(document, nodes=[(document, node)]))


def _is_bold_heading(node: Node) -> bool:
    children = inline_of(node) if node.type == "paragraph" else ()
    if len(children) != 1 or children[0].type != "strong":
        return False
    words = line_words(node).strip()
    return 0 < len(words) <= LONGEST_BOLD_HEADING and not words.startswith(("——", "⸺", "――"))


def _says_nothing(node: Node) -> bool:
    """Tell whether a block before all text may be left out: a rule, or a comment."""
    if node.type == "hr":
        return True
    silent = node.type == "html_block" and not html.words_of(node.content)
    return silent and html.is_comment(node.content) and not html.never_closed(node.content)


def _headed(document: Document) -> list[Part]:
    """Part a file at its headings of the highest level in use, ``#`` or ``##``."""
    top = 1 if any(_level(node) == 1 for node in document.blocks) else 2
    parts: list[Part] = []
    for node in document.blocks:
        if _level(node) == top:
            parts.append(Part(document, heading=node))
        elif parts:
            parts[-1].nodes.append((document, node))
        elif not _says_nothing(node):
            parts.append(Part(document, nodes=[(document, node)]))
    return parts


def front_parts(document: Document, findings: Findings) -> list[Part]:
    """Part a file of front matter, or a preface, into pieces with a heading or a label."""
    parts: list[Part] = []
    for part in _headed(document):
        if part.heading is None:
            parts += _labelled(part, findings)
        else:
            parts.append(part)
    return parts


def _labelled(part: Part, findings: Findings) -> list[Part]:
    """Part what stands before the first heading of a front file at its labels."""
    parts: list[Part] = []
    for document, node in part.nodes:
        label = label_of(node) if node.type == "blockquote" else ""
        if label:
            inner = [(document, child) for child in node.children]
            parts.append(Part(document, label=label, nodes=inner))
        elif node.type == "paragraph" and not node.attrs and (label := label_in(node)):
            parts.append(Part(document, label=label, nodes=[(document, node)]))
        elif parts:
            parts[-1].nodes.append((document, node))
        else:
            findings.error(
                start_of(node, document.source),
                "front-untitled",
                "this text before the body has neither a heading nor a label",
                "open it with # 前言, or with a label such as 【编前语】",
            )
            parts.append(Part(document, nodes=[(document, node)]))
    return parts
