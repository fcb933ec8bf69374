"""`manage.py extract`: documents in, predictions out, no database."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from claims.extraction.confidence import of_signs
from claims.extraction.jsonl import read_articles, write_day
from claims.extraction.pipeline import Extractor
from claims.management.commands import extract
from entities.lexicon import Lexicon

DOCUMENT = {
    "id": "one",
    "publisher": "Harrow Gazette",
    "published": "2031-05-09T18:00:00+02:00",
    "title": "Varnholm",
    "text": "The Redmark Front said it had captured Varnholm in March.",
    "conflict": "norland",
}


@pytest.fixture(autouse=True)
def _made_up_names(monkeypatch: pytest.MonkeyPatch, lexicon: Lexicon) -> None:
    monkeypatch.setattr(extract, "lexicon_from_packs", lambda packs: lexicon)


def test_predictions(tmp_path: Path, extractor: Extractor) -> None:
    source, target = tmp_path / "docs.jsonl", tmp_path / "predictions.jsonl"
    source.write_text(json.dumps(DOCUMENT) + "\n\n", encoding="utf-8")
    call_command("extract", str(source), "-o", str(target))
    (row,) = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    (claim,) = row["claims"]
    assert row["id"] == "one"
    assert claim == {
        "place": "Varnholm",
        "place_key": "varnholm",
        "place_ambiguous": False,
        "claimant": "Redmark Front",
        "claimant_side": "redmark",
        "stance": "asserts",
        "predicate": "captured",
        "subject": "Redmark Front",
        "subject_side": "redmark",
        "extent": "whole",
        "asserted_on": "2031-05-09",
        "asserted_precision": "day",
        "event_date": "2031-03",
        "event_precision": "month",
        "evidence": DOCUMENT["text"],
        "spans": [[0, len(DOCUMENT["text"])]],
        "speaker": "",
        "part_words": "",
        "part_label": "",
        "confidence": of_signs([]),  # nothing makes this reading less sure
        "cue": "captured",
    }


def test_standard_streams(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> None:
    monkeypatch.setattr("sys.stdin", StringIO(json.dumps(DOCUMENT)))
    call_command("extract", "-")
    assert [c["place"] for c in json.loads(capsys.readouterr().out)["claims"]] == ["Varnholm"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "line 1: not JSON"),
        ("[]", "line 1: not a JSON object"),
        (json.dumps({"id": "x"}), "line 1: the field 'publisher' is missing"),
        (json.dumps({**DOCUMENT, "text": 5}), "line 1: the field 'text' is not text"),
        (json.dumps({**DOCUMENT, "published": "soon"}), "line 1: Invalid isoformat"),
        (
            json.dumps({**DOCUMENT, "published": "2031-05-09T18:00:00"}),
            "line 1: 'published' has no time zone",
        ),
    ],
)
def test_bad_input_is_one_clear_line(line: str, message: str, tmp_path: Path) -> None:
    source = tmp_path / "docs.jsonl"
    source.write_text(line, encoding="utf-8")
    with pytest.raises(CommandError) as error:
        call_command("extract", str(source))
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_errors_are_collected() -> None:
    errors: list[str] = []
    lines = ["{", json.dumps(DOCUMENT), "[]"]
    assert [article.id for article in read_articles(lines, errors=errors)] == ["one"]
    assert [error.split(":")[0] for error in errors] == ["line 1", "line 3"]


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        call_command("extract", str(tmp_path / "none.jsonl"))


def test_unknown_conflict(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no pack for the conflict atlantis"):
        call_command("extract", str(tmp_path / "x.jsonl"), "--conflict", "atlantis")


def test_days_are_as_long_as_their_precision() -> None:
    (article,) = read_articles([json.dumps(DOCUMENT)])
    day = article.published.date()
    written = [write_day(day, precision) for precision in ("day", "week", "month", "year", None)]
    assert written == ["2031-05-09", "2031-05-09", "2031-05", "2031", "2031-05-09"]
    assert write_day(None, None) is None
