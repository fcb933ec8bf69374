"""What a release says of itself: its licence, how to cite it, and what its files are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.urls import reverse

from claims.models import Release

LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"
# Where an administrator writes no other.
LICENCE = f"""\
The data made here are licensed under Creative Commons Attribution 4.0 International (CC BY 4.0):
{LICENCE_URL}
These are the coding of claims (who says what about which town, in which words of the codebook,
about which day, with which decision on the reading), the statuses of towns that follow from
them, and all ids, labels and relations. Whoever uses them names the source as README.txt does.

Not covered by this licence:
- Quotations from articles, and their headlines. They belong to their publishers, and stand here
  as evidence of what was said. Whole articles are not part of a release.
- Names, coordinates and populations of places: GeoNames (https://www.geonames.org/), CC BY 4.0.

The data are given as they are, without warranty. A claim is what somebody said, never a finding
that it is true.
"""


def address(release: Release) -> str:
    """Of the release's page."""
    return settings.SITE_URL + reverse("release", args=[release.number])


def citation(release: Release, published: date) -> str:
    """In one line: who, when, what, which version, where."""
    return (
        f"{settings.SITE_NAME} ({published.year}). {release.title}. Release {release.number},"
        f" {published:%-d %B %Y}. {address(release)}"
    )


def readme(
    release: Release, *, cited: str, published: date, change: int, tables: Iterable[str]
) -> str:
    """README.txt. `tables`: a line on each."""
    head = f"{release.title}: release {release.number} of {settings.SITE_NAME}"
    notes = f"{release.notes.strip()}\n\n" if release.notes.strip() else ""
    return f"""\
{head}
{"=" * len(head)}

{notes}Published {published:%-d %B %Y}. This release never changes: corrections come with a later
one.
{address(release)}

How to cite
-----------
{cited}

What is in it
-------------
{chr(10).join(tables)}

Each table is there as CSV (UTF-8, with a header), as NDJSON (one JSON object a line, as the API
shows the row) and as Parquet, with the same rows in the same order. datapackage.json names every
column with its type and meaning (https://datapackage.org/). All rows of all files are as they
stood at one moment.

Going on from here
------------------
Every change up to number {change} of the feed of changes is in it. Who keeps a copy current goes
on from that number; a few later changes may be in it as well, and can be applied again.

Whether it is unchanged
-----------------------
checksums.txt holds the SHA-256 of every other file: sha256sum --check checksums.txt

Terms
-----
LICENSE.txt. A claim is what somebody said, never a finding that it is true.
"""
