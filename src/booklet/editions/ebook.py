"""The ebook edition: an EPUB for e-readers."""

from __future__ import annotations

from collections.abc import Iterator

from booklet.check.epub_lint import lint_epub
from booklet.editions.carried import carry_fonts
from booklet.editions.front import cover_of
from booklet.editions.job import Job
from booklet.editions.making import SUFFIXES
from booklet.editions.run import Made, Run
from booklet.finish.fidelity import compare_with_manuscript, compare_with_pages
from booklet.finish.page_starts import page_starts
from booklet.typeset.book import PageStart, Resource
from booklet.typeset.paged import typeset_cover
from booklet.typeset.reflow import typeset_reflow, with_cover
from booklet.typeset.viewing import picture_sources

(SUFFIX,) = SUFFIXES["ebook"]


def make(run: Run) -> Iterator[Made]:
    """Make the EPUB."""
    from booklet.finish.epub_text import read_epub_text
    from booklet.output.epub import pack_epub, stable_identifier

    job, findings = run.job, run.findings
    pub, header = job.publication, job.publication.header
    run.progress.step("typeset the e-book")
    names = [person.name for person in header.contributors]
    identifier = stable_identifier(
        pub.title,
        header.language,
        identifier=header.identifier,
        isbn=header.isbn,
        names=names,
        variant=pub.variant.name,
    )
    pictures = _pictures(job)
    book = typeset_reflow(pub, job.theme, job.geometry, identifier, pictures)
    findings.extend(compare_with_manuscript(job.loaded.transcript, book.segments, "ebook"))
    if findings.fatal:
        return  # never released; the packager would stumble over the same fault
    if printed := _printed_pages(run):
        book = typeset_reflow(pub, job.theme, job.geometry, identifier, pictures, printed)
    if findings.fatal:
        return
    told, picture = cover_of(run, typeset_cover(pub, job.theme, job.geometry))
    book = carry_fonts(book, job, findings)
    book = with_cover(book, picture)
    findings.extend(told)
    run.progress.step("pack the EPUB")
    data = pack_epub(book, job.made)
    run.progress.step("prove the EPUB")
    if not findings.fatal:
        texts = dict(read_epub_text(data))
        order = [f"text/{document.name}" for document in book.documents]
        pages = [texts[name] for name in order]
        findings.extend(compare_with_pages(book.segments, pages, "", order))
        said = "".join(part.text for part in job.loaded.transcript)
        name = f"{pub.slug}{SUFFIX}/"
        findings.extend(lint_epub(data, job.made, name=name, said=said))
    yield Made("ebook", SUFFIX, data)


def _printed_pages(run: Run) -> tuple[PageStart, ...]:
    """Tell where the pages of the printed book begin, unless the header wants none of it."""
    if run.job.publication.header.ebook.pages == "none":
        return ()
    pages = run.pages
    if run.findings.fatal:
        return ()
    labels = [label.text for label in pages.labels]
    return page_starts(pages.book.segments, pages.texts, run.generated, labels)


def _pictures(job: Job) -> dict[str, Resource]:
    """Read the pictures of the manuscript, under names that every archive can hold."""
    from booklet.output import fetch

    pictures = {}
    for number, source in enumerate(picture_sources(job.publication), 1):
        data, kind = fetch.read_picture(job.loaded.root, source, job.loaded.images)
        name = f"images/picture-{number:03d}{fetch.SUFFIXES[kind]}"
        pictures[source] = Resource(name, kind, data)
    return pictures
