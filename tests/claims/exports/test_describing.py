"""docs/exports.md says what the tables are."""

from __future__ import annotations

import io
import re
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from claims.exports.describing import markdown
from claims.exports.formats.csv import guarded
from claims.exports.tables import TABLES

PAGE = Path(settings.BASE_DIR, "docs", "exports.md")


def test_the_page_ends_with_the_tables() -> None:
    """`manage.py describe_exports` prints what it should end with."""
    out = io.StringIO()
    call_command("describe_exports", stdout=out)
    assert PAGE.read_text().endswith(out.getvalue().rstrip("\n") + "\n")


def test_every_column_is_there() -> None:
    text = markdown()
    for table in TABLES.values():
        assert f"## Table `{table.name}`" in text
        for column in table.columns:
            assert f"| `{column.name}` | {column.kind} | {column.meaning} |" in text
            assert "|" not in column.meaning + column.values + column.lossy


def test_the_page_tells_how_to_take_apostrophes_away() -> None:
    [told] = re.findall(r"^    (plain = .*)$", PAGE.read_text(), re.MULTILINE)
    names = {"re": re}
    exec(told, names)  # of our own page
    for text in ("=1", "a;=1\n- b", "'a", "'", "a, 'b'", "''='"):
        assert names["plain"](guarded(text)) == text  # type: ignore[operator]


def test_what_is_lost_is_named_in_the_table_itself() -> None:
    table = TABLES["control-changes"]
    lossy = {column.name for column in table.columns if column.lossy}
    told = set(re.findall(r"\w+", table.meaning.partition("Lossy:")[2]))
    assert lossy <= told
