"""What is wrong in packs and the bundled gazetteer, beyond what reading refuses: all at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from pathlib import Path

from entities.checking import actors, clashes, colours, gazetteer, names, regions
from entities.checking.codes import CODES
from entities.checking.findings import Finding, is_allowed
from entities.pack_file import PackError, PackFile
from entities.pack_reading import Draft, mistakes_between, read_draft
from entities.places import GazetteerPlace

__all__ = ["CODES", "Finding", "check_gazetteer", "check_packs"]

check_gazetteer = gazetteer.check_gazetteer


def check_packs(
    paths: Sequence[Path], places: Collection[GazetteerPlace], today: date
) -> list[Finding]:
    """Everything wrong in these packs, by file and line.

    `places` are the gazetteer's; no date may lie after `today`. What is wrong between two
    packs is said of the one that comes later in `paths`.

    Raises:
        OSError: where a file cannot be read.
    """
    drafts, unread = _drafts(paths)
    found = [Finding.of_mistake(mistake) for mistake in unread]
    found += _findings(drafts, places, today)
    lines = {draft.file.path: draft.file.lines for draft in drafts}
    return sorted(
        {finding for finding in found if not is_allowed(finding, lines.get(finding.path, ()))},
        key=lambda finding: (str(finding.path), finding.line, finding.code, finding.reason),
    )


def _drafts(paths: Sequence[Path]) -> tuple[list[Draft], list[PackError]]:
    """The packs, and the mistakes that reading refuses."""
    drafts: list[Draft] = []
    mistakes: list[PackError] = []
    for path in paths:
        try:
            drafts.append(read_draft(PackFile.read(path)))
        except PackError as mistake:
            mistakes.append(mistake)
    whole = not mistakes
    mistakes += [mistake for draft in drafts for mistake in draft.mistakes]
    if whole:  # else the actors that seem to be missing are in the pack that could not be read
        mistakes += mistakes_between(drafts)
    return drafts, mistakes


def _findings(
    drafts: Sequence[Draft], places: Collection[GazetteerPlace], today: date
) -> Iterator[Finding]:
    for draft in drafts:
        yield from names.check_names(draft)
        yield from actors.check_actors(draft, drafts)
        yield from actors.check_dates(draft, today)
        yield from colours.check_colours(draft)
    yield from regions.check_regions(drafts, places)
    yield from clashes.check_clashes(drafts)
    yield from clashes.check_place_names(drafts, places)
