"""An error is traced to its rule: what fired, what was left out, and by which words."""

from __future__ import annotations

from datetime import datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from claims.extraction.pipeline import Extractor
from claims.extraction.records import Article
from claims.runs import article
from tests.claims.extraction.conftest import PUBLISHED
from tests.factories import make_document

TEXT = (
    "The Norlandic army said on Thursday that it had retaken Kestrelby. "
    "If Lowmere falls, Norland will lose the valley. "
    "The Redmark Front denied that Kestrelby had been captured."
)


def told(extractor: Extractor, text: str) -> list[str]:
    when = datetime.fromisoformat(PUBLISHED)
    return extractor.explain(Article("one", "Harrow Gazette", when, text, conflict="norland"))


def test_each_sentence_tells_its_speech_dates_and_claims(extractor: Extractor) -> None:
    lines = told(extractor, TEXT)
    assert lines[0] == "conflict: norland"
    assert lines[1] == "[1] The Norlandic army said on Thursday that it had retaken Kestrelby."
    assert (
        "    speech     'said': Armed Forces of Norland asserts, forward on 2031-05-08 (day)"
        in lines
    )
    assert "    date       'Thursday': 2031-05-08 (day)" in lines
    assert (
        "    claim      'retaken': Armed Forces of Norland asserts: Kestrelby captured"
        " by Armed Forces of Norland" in lines
    )


def test_what_is_left_out_names_its_cue(extractor: Extractor) -> None:
    lines = told(extractor, TEXT)
    second = lines.index("[2] If Lowmere falls, Norland will lose the valley.")
    third = next(n for n, line in enumerate(lines) if line.startswith("[3]"))
    assert "    left out   'falls': no statement of fact: 'if'" in lines[second:third]
    assert not [line for line in lines[second:third] if line.startswith("    claim")]


@pytest.mark.django_db
def test_a_document_of_the_database_is_told(
    extractor: Extractor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("claims.runs.extractor", lambda: extractor)
    document = make_document(TEXT, conflict_slug="norland")
    out = StringIO()
    call_command("explain", str(document.id), stdout=out)
    assert out.getvalue().splitlines() == extractor.explain(article(document))


@pytest.mark.django_db
def test_what_is_no_document_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="nothing is neither a file nor a document's id"):
        call_command("explain", "nothing")
    with pytest.raises(CommandError, match=r"no document has the id 0+-0000"):
        call_command("explain", "00000000-0000-0000-0000-000000000000")
    empty = tmp_path / "empty.jsonl"
    empty.touch()
    with pytest.raises(CommandError, match=r"empty\.jsonl is empty"):
        call_command("explain", str(empty))
