"""What a derived edition is to be: the header's wishes, checked and put together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from booklet.derive.pinyin import Reader
from booklet.derive.quotes import quotes_of
from booklet.derive.script import CONFIGS, KINDS, LOCAL, MENDED, Converter
from booklet.errors import Findings, Place
from booklet.model.derived import DerivedSpec, Variant, reading_fault
from booklet.model.header import Header

PlaceOf = Callable[..., Place]


@dataclass(frozen=True, slots=True)
class Plan:
    """How a derived edition is made.

    Attributes:
        name: Its name.
        spec: What the header says of it.
        language: Its language.
        converter: Rewrites its words.
        reader: Reads them; None where no readings are wanted.
    """

    name: str
    spec: DerivedSpec
    language: str
    converter: Converter
    reader: Reader | None
    lists: tuple[tuple[str, str], ...]

    @property
    def variant(self) -> Variant:
        """How it is set."""
        spec = self.spec
        return Variant(
            self.name, pinyin=self.reader is not None, large=spec.size is not None,
            vertical=spec.layout == "vertical", upright=spec.upright,
        )  # fmt: skip

    def tell_idle(self, place_of: PlaceOf, findings: Findings) -> None:
        """Tell of words of the edition's own lists that are not in the text (``term-idle``)."""
        met = self.converter.met | (self.reader.met if self.reader else set())
        for key, word in self.lists:
            wanted = self.reader if key == "readings" else self.converter.tables
            if wanted and word not in met:
                findings.note(
                    place_of("derived", self.name, key, word), "term-idle",
                    f"{key} of {self.name}: {word} stands nowhere in the text",
                    "write it as the manuscript does, or as the edition does for readings",
                )  # fmt: skip


def make_plan(header: Header, name: str, place_of: PlaceOf, findings: Findings) -> Plan | None:
    """Check what the header says of a derived edition.

    Returns:
        None where an error was found.
    """
    spec, before = header.derived[name], len(findings.items)
    if not spec.changes:
        findings.error(
            place_of("derived", name), "derived-empty",
            f"derived edition {name} differs in nothing from the publication",
            "script: zh-TW, ruby: pinyin, size: large or layout: vertical",
        )  # fmt: skip
    source = KINDS.get(header.language.lower(), "")
    target = KINDS[spec.script.lower()] if spec.script else source
    tables = _tables(header, name, source, target, place_of, findings)
    if spec.ruby and not source:
        findings.error(
            place_of("derived", name, "ruby"), "derived-script",
            f"pinyin reads Chinese, and the language is {header.language}", "leave ruby out",
        )  # fmt: skip
    terms = _terms(header, name, place_of, findings)
    readings = {**header.conversion.readings, **spec.readings}
    _check_readings(header, name, place_of, findings)
    if any(item.severity == "error" for item in findings.items[before:]):
        return None
    turned = spec.script is not None or spec.layout == "vertical"
    quotes = {}
    if spec.quotes == "regional" and turned and source:
        quotes = dict(quotes_of(target, vertical=spec.layout == "vertical"))
    if tables and source == "s":
        terms = {**MENDED, **terms}
    converter = Converter(tables, terms if tables else {}, quotes)
    reader = Reader(readings, target) if spec.ruby else None
    lists = [("protect", word) for word in spec.protect]
    lists += [("terms", word) for word in spec.terms]
    lists += [("readings", word) for word in spec.readings]
    return Plan(name, spec, spec.script or header.language, converter, reader, tuple(lists))


def _tables(
    header: Header, name: str, source: str, target: str, place_of: PlaceOf, findings: Findings
) -> tuple[str, ...]:
    """Choose the tables; none where the script stays."""
    spec = header.derived[name]
    if spec.script is None:
        return ()
    place = place_of("derived", name, "script")
    if not source:
        findings.error(
            place, "derived-script",
            f"a manuscript in {header.language} cannot be converted to {spec.script}",
            "language: zh-Hans, zh-Hant, zh-TW or zh-HK",
        )  # fmt: skip
        return ()
    if source == target:
        findings.error(
            place, "derived-script",
            f"the manuscript is in {header.language}: {spec.script} is the same script",
            "leave script out, or name another: zh-Hans, zh-Hant, zh-TW, zh-HK",
        )  # fmt: skip
        return ()
    if spec.vocabulary == "local":
        if (source, target) not in LOCAL:
            findings.error(
                place_of("derived", name, "vocabulary"), "derived-script",
                f"there is no table of words from {header.language} to {spec.script}",
                "vocabulary: local goes with zh-TW and zh-HK from zh-Hans, and back",
            )  # fmt: skip
            return ()
        return LOCAL[source, target]
    return CONFIGS[source, target]


def _terms(header: Header, name: str, place_of: PlaceOf, findings: Findings) -> dict[str, str]:
    """Put the lists together: the edition's own win, and what is protected stays."""
    own, shared = header.derived[name], header.conversion
    for keys, lists in ((("derived", name), own), (("conversion",), shared)):
        for word in lists.protect:
            if lists.terms.get(word, word) != word:
                findings.error(
                    place_of(*keys, "terms", word), "term-conflict",
                    f"{word} is protected, and becomes {lists.terms[word]}", "keep one of them",
                )  # fmt: skip
    result: dict[str, str] = {}
    for lists in (shared, own):
        result |= {word: word for word in lists.protect} | dict(lists.terms)
    return result


def _check_readings(header: Header, name: str, place_of: PlaceOf, findings: Findings) -> None:
    own, shared = header.derived[name], header.conversion
    for keys, readings in ((("derived", name), own.readings), (("conversion",), shared.readings)):
        for word, reading in readings.items():
            if fault := reading_fault(word, reading):
                findings.error(
                    place_of(*keys, "readings", word), "reading-invalid", fault,
                    "a syllable for each character, parted by spaces: 重庆: chóng qìng",
                )  # fmt: skip
