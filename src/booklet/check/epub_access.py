"""Rules for what a book says of its accessibility, and whether it is true (rows M9 to M12).

EPUB Accessibility 1.1, "Discoverability"; the values are those of the schema.org vocabulary.
"""

from __future__ import annotations

from booklet.check.epub_file import Epub, find
from booklet.check.epub_metadata import metas, value
from booklet.check.vocabulary import ACCESS_MODES, FEATURES, HAZARDS, SUFFICIENT_MODES
from booklet.errors import Findings

_NEEDED = ("accessMode", "accessModeSufficient", "accessibilityFeature", "accessibilityHazard")
_HIDDEN = "@aria-hidden='true' or @role='presentation' or @role='none'"
_PICTURES = f"//h:img[not(@alt='' or {_HIDDEN})] | //s:svg[not({_HIDDEN})]"
_CLAIM = "EPUB Accessibility 1."


def check_accessibility(epub: Epub, findings: Findings) -> None:
    """Check that the metadata of accessibility is there, spelt right and true."""
    said = {name: [value(meta) for meta in metas(epub, f"schema:{name}")] for name in
            (*_NEEDED, "accessibilitySummary")}  # fmt: skip
    place = epub.place(epub.package_path)
    for name in (*_NEEDED, "accessibilitySummary"):
        if not said[name]:
            findings.error(place, "epub-accessibility", f"there is no schema:{name}")
        if len(set(said[name])) < len(said[name]):
            findings.error(place, "epub-accessibility", f"schema:{name} says the same twice")
    for name, known in (
        ("accessMode", ACCESS_MODES), ("accessibilityFeature", FEATURES),
        ("accessibilityHazard", HAZARDS),
    ):  # fmt: skip
        for word in said[name]:
            if word not in known:
                findings.error(place, "epub-accessibility", f"schema:{name} has no value {word!r}")
    for words in said["accessModeSufficient"]:
        if not {word.strip() for word in words.split(",")} <= SUFFICIENT_MODES:
            findings.error(
                place, "epub-accessibility", f"schema:accessModeSufficient has no value {words!r}"
            )
    hazards = said["accessibilityHazard"]
    if len(hazards) > 1 and not {"none", "unknown"}.isdisjoint(hazards):
        findings.error(place, "epub-accessibility", "a hazard is named beside none or unknown")
    _truth(epub, findings, frozenset(said["accessibilityFeature"]), said["accessMode"])
    for meta in metas(epub, "dcterms:conformsTo"):
        if value(meta).startswith(_CLAIM) and not metas(epub, "a11y:certifiedBy"):
            findings.error(
                epub.at(meta), "epub-accessibility",
                "conformance is claimed, and nobody certifies it",
                "conformance takes a person who evaluated the book",
            )  # fmt: skip


def _truth(epub: Epub, findings: Findings, features: frozenset[str], modes: list[str]) -> None:
    """Compare features with the documents."""
    trees = [tree for _, tree in epub.documents()]

    def has(path: str) -> bool:
        return any(find(tree, path) for tree in trees)

    nav = None if epub.nav is None else epub.trees.get(epub.nav.path)
    facts = {
        "pageNavigation": bool(find(nav, "//h:nav[@e:type='page-list']")),
        "pageBreakMarkers": has("//h:*[contains(@e:type, 'pagebreak')]"),
        "tableOfContents": bool(find(nav, "//h:nav[@e:type='toc']")),
        "alternativeText": has(_PICTURES),
        "rubyAnnotations": has("//h:ruby"),
        "MathML": has("//m:math"),
        "index": has("//h:*[contains(@e:type, 'index')]"),
    }
    place = epub.place(epub.package_path)
    for name, true in facts.items():
        if name in features and not true:
            findings.error(
                place, "epub-accessibility", f"{name} is promised, and the book has none"
            )
        if true and name not in features and name in {"pageNavigation", "pageBreakMarkers"}:
            findings.error(place, "epub-accessibility", f"the book has {name} and does not say so")
    inner = any(find(tree, _PICTURES) for _, tree in epub.texts())
    if inner and "visual" not in modes:
        findings.error(
            place, "epub-accessibility", "the text has pictures, and accessMode lacks visual"
        )
