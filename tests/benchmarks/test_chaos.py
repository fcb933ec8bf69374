"""A small chaos: every kind of program is killed once while documents come in."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from pathlib import Path
from random import Random

import pytest
from django.db import connection

from benchmarks.breaking.installation import Installation, servers
from benchmarks.breaking.stories import stories
from benchmarks.chaos import DECK, Run, plan, prepared, report, run
from config.backups.making import back_up
from tests.factories import make_actor, make_place

WAYS = ("api", "api-file", "address")
KILLS = len(set(DECK))


def test_every_kind_is_killed_and_no_more_often_than_asked() -> None:
    assert set(plan(KILLS, Random(1))) == set(DECK)
    assert len(plan(100, Random(1))) == 100
    assert plan(100, Random(1)) != plan(100, Random(2))
    assert plan(0, Random(1)) == []


def test_stories_are_told_apart() -> None:
    told = stories(60, 0)
    assert told == stories(60, 0)
    assert told != stories(60, 1)
    assert len({story.text for story in told}) == len({story.title for story in told}) == 60


def outcome(content: list[str], faults: list[str]) -> Run:
    return Run(content, faults, Counter(), Counter(worker=1), Counter(), 1.0, 0.0)


def test_what_differs_is_reported() -> None:
    one, other = '["claim", "Report 1 of the day", "Soledar"]', '["claim", "Report 2", "Bakhmut"]'
    figures, wrong = report(outcome([one, one], []), outcome([one, other], ["x: lost"]), [])
    assert wrong == ["disturbed: x: lost", f"only undisturbed: {one}", f"only disturbed: {other}"]
    assert figures["differences"] == 3
    assert report(outcome([one], []), outcome([one], []), [])[1] == []


@pytest.mark.servers
@pytest.mark.django_db(transaction=True)
def test_nothing_is_lost_and_nothing_is_done_twice(tmp_path: Path) -> None:
    make_place()
    make_actor()
    back_up(tmp_path / "begin")  # the tests' database: migrated already
    connection.close()
    told = stories(12, 0, WAYS)
    hold = tmp_path / "hold"  # never made: nothing is held
    installation = Installation(
        tmp_path / "site",
        application="tests.benchmarks.chaos_worker",
        more={
            "CLAIMS_TEST_HOLD": str(hold),
            "CLAIMS_EXTRACTION_LEASE": "10",
            "CLAIMS_SWEEP_INTERVAL": "1",
        },
    )
    with servers(installation):
        scene = prepared(installation, tmp_path / "begin" / "database.dump")
        done = run(installation, told, kills=KILLS, seed=1, scene=scene, pauses=(0.3, 1.0))
    assert done.faults == []
    assert done.kills == Counter(dict.fromkeys(DECK, 1))
    lines = [json.loads(line) for line in done.content]
    documents = sorted(line[1:3] for line in lines if line[0] == "document")
    assert documents == sorted([story.title, story.publisher] for story in told)
    claims = Counter(line[1] for line in lines if line[0] == "claim")
    assert claims == Counter(story.title for story in told)
    left = subprocess.run(["pgrep", "-f", str(tmp_path)], capture_output=True, text=True)
    assert left.stdout == ""
