"""The press edition: the pages between the covers, as a print shop takes them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from booklet.editions.job import font_families
from booklet.editions.making import SUFFIXES
from booklet.editions.preflight import judge, order_of_pages
from booklet.editions.run import Made, Run
from booklet.errors import Diagnostic, Severity
from booklet.model.press import DEFAULT_CONDITION, Press

if TYPE_CHECKING:
    from booklet.finish.press import FontFile, PressJob
    from booklet.output.pictures import PlacedPicture

(SUFFIX,) = SUFFIXES["press"]


def make(run: Run) -> Iterator[Made]:
    """Make the PDF for the press."""
    from booklet.finish.press import prepare_press
    from booklet.finish.press.text import compare_text

    findings = run.findings
    press = run.job.publication.header.press.resolve()
    job = press_job(run, press)
    pages = run.pages
    if job is None or findings.fatal:
        return  # never released; what is wrong is told already
    findings.extend(check_pictures(pages.rendering.pictures(), press))
    run.progress.step("prepare the press edition")
    plain = pages.draw_interior()
    findings.extend(pages.rendering.diagnostics)
    file = prepare_press(plain, job)
    findings.extend(file.diagnostics)
    if findings.fatal:
        return
    run.progress.step("prove the press edition")
    findings.extend(compare_text(file.data, pages.screen, pages.interior))
    run.progress.step("preflight the press edition")
    order = order_of_pages(run, press, file.pages)
    findings.extend(judge(run, SUFFIX, file.data, press, order, pages.rendering.overset()))
    yield Made("press", SUFFIX, file.data, file.pages)


def press_job(run: Run, press: Press, *, label: str = "", flat: bool = False) -> PressJob | None:
    """Gather what a file for the press needs beside its pages.

    Args:
        run: The build.
        press: What the printer asks for.
        label: What the slug line calls the file; may be empty.
        flat: A sheet of its own, such as a cover.

    Returns:
        None where the profile is missing or wrong, which the findings tell.
    """
    from booklet.finish.press import PressJob

    profile = _profile(run, press)
    if profile is None:
        return None
    publication = run.job.publication
    lettering = _lettering(run, f"{publication.title}{label}0") if press.slug else ()
    return PressJob(
        press, publication.title, run.job.made, profile, lettering, label, flat,
        bound=publication.header.cover.bound,
    )  # fmt: skip


def check_pictures(pictures: tuple[PlacedPicture, ...], press: Press) -> Iterator[Diagnostic]:
    """Warn of pictures that have too few pixels for the size at which they are printed."""
    for picture in pictures:
        wanted = press.picture_ppi
        if wanted <= picture.ppi < press.line_art_ppi and picture.line_art:
            wanted = press.line_art_ppi
        if round(picture.ppi) < wanted:
            width, height = (side * 25.4 / 72 for side in picture.size)
            msg = (
                f"{picture.name} has {picture.ppi:.0f} pixels to an inch at {width:.0f} × "
                f"{height:.0f} mm, and print wants {wanted}"
            )
            largest = width * picture.ppi / wanted
            hint = f"export it larger, or set it no wider than {largest:.0f} mm"
            yield Diagnostic(picture.place, Severity.WARNING, "image-resolution", msg, hint)


def _profile(run: Run, press: Press) -> bytes | None:
    """Read the ICC profile; None where there is none, or no good one."""
    from booklet.finish.press.profile import press_profile_fault

    findings, place = run.findings, run.job.place("press", "profile")
    hint = "ask the printer for the .icc file of its condition, and name both in press:"
    try:
        found = _profile_file(run, press)
        data = b"" if found is None else found[1]
    except ValueError as error:
        findings.error(place, "press-profile", f"{press.profile}: {error}", hint)
        return None
    if found is None and press.inking != "srgb":
        msg = f"no ICC profile of {press.condition} was found"
        if press.condition == DEFAULT_CONDITION:
            hint = "run the project's set-up; without apt, docs/printing.md says what to put where"
        findings.error(place, "press-profile", msg, hint)
        return None
    if found is not None and (fault := press_profile_fault(data)):
        findings.error(place, "press-profile", f"{found[0]} is of no use: {fault}", hint)
        return None
    return data


def _profile_file(run: Run, press: Press) -> tuple[str, bytes] | None:
    """Find the profile: the publication's own, or one of the folders of profiles.

    Raises:
        ValueError: The publication's own cannot be read.
    """
    from booklet.output.fetch import read_inside
    from booklet.output.profiles import find_profile

    if press.profile:
        return press.profile, read_inside(run.job.loaded.root, press.profile)
    path = find_profile(press.condition)
    return None if path is None else (str(path), Path(path).read_bytes())


def _lettering(run: Run, text: str) -> tuple[FontFile, ...]:
    """Give faces of the theme that have the characters of the slug line, as few as will do."""
    from booklet.finish.press import FontFile

    job, faces, missing = run.job, [], set(text)
    for name in font_families(job.theme, job.publication.header.language):
        family = job.shelf.family(name)
        if family is None or not any(char in family.coverage for char in missing):
            continue
        missing = {char for char in missing if char not in family.coverage}
        face = min(family.faces, key=lambda face: (face.italic, abs(face.weight - 400)))
        faces.append(FontFile(face.path.read_bytes(), face.index))
    return tuple(faces)
