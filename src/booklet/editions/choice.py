"""Which editions are made: those that the user names, or else those of the header."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import get_args

from booklet.errors import Findings, Place
from booklet.model.derived import DerivedSpec
from booklet.model.header import EditionName, Header

KNOWN: tuple[EditionName, ...] = get_args(EditionName)
READ_ALONE: tuple[EditionName, ...] = ("screen", "ebook")
"""Editions that need no print shop; a derived edition is made in these, if the publication is."""

Wanted = Mapping[str, Sequence[EditionName]]
"""Editions by the name of the derived edition; '' for the publication itself."""


def choose(header: Header, asked: Sequence[str], findings: Findings) -> Wanted:
    """Tell what to make.

    Args:
        header: The header.
        asked: ``ebook``, ``ebook@tw``, ``@tw``; nothing for all that the header names.
        findings: Collects ``edition-unknown`` and ``derived-unknown``.
    """
    wanted: dict[str, dict[EditionName, None]] = {}
    if not asked:
        wanted[""] = dict.fromkeys(header.editions)
        for name, spec in header.derived.items():
            wanted[name] = dict.fromkeys(editions_of(spec, header))
    for word in asked:
        edition, at, name = word.partition("@")
        if at and name not in header.derived:
            _tell_unknown(name, header, findings)
        elif at and not edition:
            names = editions_of(header.derived[name], header)
            wanted.setdefault(name, {}).update(dict.fromkeys(names))
        elif edition not in KNOWN:
            findings.error(
                Place("--edition"), "edition-unknown", f"there is no edition {edition!r}",
                f"one of: {', '.join(KNOWN)}",
            )  # fmt: skip
        else:
            wanted.setdefault(name, {})[edition] = None
    return {name: tuple(editions) for name, editions in wanted.items() if editions}


def editions_of(spec: DerivedSpec, header: Header) -> tuple[EditionName, ...]:
    """Tell in which editions a derived edition is made.

    Where it does not say, in those of the publication that are read without a print shop; a
    vertical one in the e-book alone.
    """
    if spec.editions:
        return spec.editions
    can: tuple[EditionName, ...] = ("ebook",) if spec.layout == "vertical" else READ_ALONE
    return tuple(name for name in header.editions if name in can) or can


def _tell_unknown(name: str, header: Header, findings: Findings) -> None:
    known = list(header.derived)
    near = difflib.get_close_matches(name, known, 1)
    hint = f"did you mean {near[0]}?" if near else f"derived: names {', '.join(known) or 'none'}"
    findings.error(
        Place("--edition"), "derived-unknown", f"there is no derived edition {name!r}", hint
    )
