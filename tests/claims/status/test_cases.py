"""Town cases as JSON, in and out; and the nine towns of the evaluation set."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from claims.status.cases import CaseError, load, shown, status_of

EVAL_DIR = os.environ.get("CLAIMS_EVAL_DIR", "")


def evaluation() -> list[Any]:
    """(town, expectation) pairs of the evaluation set; one skipped pair without it."""
    if not EVAL_DIR:
        mark = pytest.mark.skip(reason="CLAIMS_EVAL_DIR is not set")
        return [pytest.param(None, None, marks=mark, id="status_cases.json")]
    towns = json.loads((Path(EVAL_DIR) / "status_cases.json").read_text())
    return [
        pytest.param(town, expected, id=f"{town['town']}-{expected['day']}")
        for town in towns
        for expected in town["expect"]
    ]


@pytest.mark.parametrize(("town", "expected"), evaluation())
def test_evaluation_towns(town: dict[str, Any], expected: dict[str, str]) -> None:
    (case,) = load(json.dumps([town]))
    band = status_of(case).on(date.fromisoformat(expected["day"]))
    found = band.text() if band else "unknown"
    if "not" in expected:
        assert found != expected["not"]
    else:
        assert found == expected["status"]


def made_up(**changes: Any) -> dict[str, Any]:
    return {
        "town": "Bluetown",
        "sides": ["red", "blue"],
        "from": "2030-02-01",
        "to": "2030-04-30",
        "actors": {
            "RedArmy": {"side": "red", "official": True},
            "BlueArmy": {"side": "blue", "official": True},
            "Gazette": {"side": None, "official": False},
        },
        "publishers": ["Gazette"],
        "claims": [
            claim("2030-03-01", "RedArmy", "captured", subject_side="red"),
            claim("2030-03-02", "Gazette", "fighting"),
            claim("2030-03-05", "BlueArmy", "withdrew", subject_side="blue"),
            claim("2030-05-05", "BlueArmy", "advancing", subject_side="blue"),
        ],
        **changes,
    }


def claim(on: str, claimant: str | None, predicate: str, **fields: Any) -> dict[str, Any]:
    said = {"asserted_on": on, "claimant": claimant, "stance": "asserts", "predicate": predicate}
    return {**said, "extent": "whole", "published": on, **fields}


def bands(town: dict[str, Any]) -> list[tuple[str, str, int]]:
    (case,) = load(json.dumps([town]))
    out = shown(case)
    assert out["town"] == town["town"]
    return [(band["from"], band["status"], band["rule"]) for band in out["bands"]]


def test_bands_fill_the_window() -> None:
    assert bands(made_up()) == [
        ("2030-02-01", "unknown", 5),
        ("2030-03-01", "claimed red", 4),
        ("2030-03-05", "controlled red", 1),
    ]


def test_what_holds_when_the_window_opens_is_shown_from_then() -> None:
    assert bands(made_up(**{"from": "2030-03-03"})) == [
        ("2030-03-03", "claimed red", 4),
        ("2030-03-05", "controlled red", 1),
    ]


def test_bands_that_read_the_same_are_one() -> None:
    held = [
        claim("2030-03-01", "RedArmy", "holds", subject_side="red"),
        claim("2030-03-04", "RedArmy", "captured", subject_side="red"),
    ]
    town = made_up(claims=held)
    del town["from"], town["to"]
    assert bands(town) == [("2030-03-01", "claimed red", 4)]


def test_dates_may_be_shorter_than_a_day() -> None:
    captured = claim("2030-03-20", "RedArmy", "captured", subject_side="red", event_date="2030-02")
    stated = {**captured, "event_precision": "month"}
    timed = {**captured, "published": "2030-03-20T01:00:00+03:00"}
    for row in (captured, stated, timed):
        assert bands(made_up(claims=[row]))[-1] == ("2030-02-28", "claimed red", 4)


def test_a_claim_without_claimant_is_the_publishers() -> None:
    rows = [
        claim("2030-03-01", "RedArmy", "captured", subject_side="red"),
        claim("2030-03-02", None, "fighting"),
    ]
    assert bands(made_up(claims=rows))[-1] == ("2030-03-01", "claimed red", 4)


BAD = claim("2030-03-01", "RedArmy", "captured", subject_side="red")


@pytest.mark.parametrize(
    ("town", "message"),
    [
        (made_up(town=""), 'town 1: town: expected a text, found ""'),
        ([], "town 1: expected an object, found []"),
        (made_up(claims={}), "Bluetown: claims: expected a list, found {}"),
        (made_up(claims=[3]), "Bluetown: claims[0]: expected an object, found 3"),
        (made_up(**{"from": "soon"}), 'Bluetown: from: "soon" is no date'),
        (
            made_up(actors={"RedArmy": {"side": "grey"}}),
            'Bluetown: actors.RedArmy: side: "grey" is not among the sides',
        ),
        (
            made_up(actors={"RedArmy": {"official": "yes"}}),
            'Bluetown: actors.RedArmy: official: expected true or false, found "yes"',
        ),
        (
            made_up(claims=[{**BAD, "predicate": "taken"}]),
            'Bluetown: claims[0]: predicate: "taken" is none of captured, holds, advancing, '
            "encircled, fighting, withdrew",
        ),
        (
            made_up(claims=[BAD, {**BAD, "stance": None}]),
            "Bluetown: claims[1]: stance: null is none of asserts, denies, unconfirmed",
        ),
        (
            made_up(claims=[{**BAD, "claimant": "GreyArmy"}]),
            'Bluetown: claims[0]: claimant: "GreyArmy" is not among the actors',
        ),
        (
            made_up(claims=[{**BAD, "subject_side": "grey"}]),
            'Bluetown: claims[0]: subject_side: "grey" is not among the sides',
        ),
        (
            made_up(claims=[{**BAD, "asserted_on": "2030-02-30"}]),
            'Bluetown: claims[0]: asserted_on: "2030-02-30" is no date '
            "(day is out of range for month)",
        ),
        (
            made_up(claims=[{**BAD, "published": "2030-03-01T99"}]),
            'Bluetown: claims[0]: published: "2030-03-01T99" is no date or time',
        ),
    ],
)
def test_bad_input_is_named_by_town_and_field(town: Any, message: str) -> None:
    with pytest.raises(CaseError) as raised:
        load(json.dumps([town]))
    assert str(raised.value) == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{}", "expected a list of towns, found {}"),
        ("[\n{]", "line 2: not JSON: Expecting property name enclosed in double quotes"),
    ],
)
def test_text_that_holds_no_cases(text: str, message: str) -> None:
    with pytest.raises(CaseError) as raised:
        load(text)
    assert str(raised.value) == message
