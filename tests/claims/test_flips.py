"""Which towns another rule set would show otherwise."""

from __future__ import annotations

import json
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from claims import flips as comparing
from claims.flips import claimed_towns, flips, text
from claims.status.rule_sets import RULE_SETS
from entities.models import Place
from tests.factories import make_actor, make_claim, make_conflict

pytestmark = pytest.mark.django_db
ON = date(2023, 6, 1)
MAYOR = "Mayor of Bakhmut"


@pytest.fixture
def towns() -> list[Place]:
    """Soledar: captured in January, denied at once, and nothing more but Russia's word in May:
    contested, by repeat-90 claimed. Bakhmut: captured, conceded by its mayor. Vuhledar: held by
    a newspaper's word. Kreminna: the same by every set."""
    soledar = make_claim(asserted_on=date(2023, 1, 10), state="accepted").place
    make_claim(
        claimant="Ukraine",
        subject="Russia",
        stance="denies",
        asserted_on=date(2023, 1, 11),
        state="accepted",
    )
    make_claim("holds", asserted_on=date(2023, 5, 1), state="accepted")
    may = date(2023, 5, 20)
    bakhmut = make_claim(place="Bakhmut", asserted_on=may, state="accepted").place
    make_claim(
        "withdrew",
        place="Bakhmut",
        claimant=make_actor(MAYOR, kind="city", side="ukraine"),
        subject="Ukraine",
        asserted_on=may,
        state="accepted",
    )
    vuhledar = make_claim(
        "holds", place="Vuhledar", claimant=None, subject="Ukraine", state="accepted"
    ).place
    kreminna = make_claim(place="Kreminna", state="accepted").place
    return [bakhmut, kreminna, soledar, vuhledar]


def found(name: str, **asked: Any) -> list[tuple[str, str, str]]:
    rules = RULE_SETS[name]
    return [
        (flip.place.name, text(flip.before), text(flip.after))
        for flip in flips(claimed_towns(), rules, on=asked.pop("on", ON), **asked)
    ]


def test_towns_that_flip(towns: list[Place]) -> None:
    assert found("v1") == []
    assert found("repeat-90") == [("Soledar", "contested", "claimed russia")]
    assert found("no-publishers") == [("Vuhledar", "claimed ukraine", "unknown")]
    assert found("any-concedes") == [("Bakhmut", "claimed russia", "controlled russia")]
    assert found("officials") == [
        ("Bakhmut", "claimed russia", "unknown"),
        ("Kreminna", "claimed russia", "unknown"),
        ("Soledar", "contested", "unknown"),
        ("Vuhledar", "claimed ukraine", "unknown"),
    ]


def test_on_another_day_other_towns_flip(towns: list[Place]) -> None:
    assert found("repeat-90", on=date(2023, 1, 20)) == []
    assert found("any-concedes", on=date(2023, 5, 19)) == []


def test_pending_claims_are_left_out_unless_asked_for(towns: list[Place]) -> None:
    make_claim("holds", place="Avdiivka", claimant=None, subject="Ukraine")
    assert [name for name, _, _ in found("no-publishers")] == ["Vuhledar"]
    rules = RULE_SETS["no-publishers"]
    both = claimed_towns(include_pending=True)
    names = [flip.place.name for flip in flips(both, rules, on=ON, include_pending=True)]
    assert names == ["Avdiivka", "Vuhledar"]


def test_a_flip_names_what_decides_it(towns: list[Place]) -> None:
    (flip,) = flips(claimed_towns(), RULE_SETS["any-concedes"], on=ON)
    assert flip.before is not None
    assert flip.after is not None
    assert [(one.version, one.rule) for one in (flip.before, flip.after)] == [
        ("v1", 4),
        ("any-concedes", 1),
    ]
    assert [claim.label for claim in flip.deciding(flip.after)] == [
        "Wagner Group: Bakhmut captured",
        f"{MAYOR}: withdrawal from Bakhmut by Ukraine",
    ]
    assert flip.deciding(None) == []


def test_towns_are_read_in_batches_with_the_same_number_of_queries(
    towns: list[Place], monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(10):
        assert len(found("officials")) == 4
    monkeypatch.setattr(comparing, "BATCH", 2)
    with django_assert_num_queries(19):
        assert len(found("officials")) == 4


def command(*arguments: str) -> str:
    out = StringIO()
    call_command("compare_rules", *arguments, stdout=out)
    return out.getvalue()


def test_command_prints_flips_in_words(towns: list[Place]) -> None:
    assert command("any-concedes", "--on", "2023-06-01") == (
        "Bakhmut (ukraine)\n"
        "  v1: claimed russia since 2023-05-20, rule 4\n"
        "    2023-05-20 Wagner Group: Bakhmut captured\n"
        "  any-concedes: controlled russia since 2023-05-20, rule 1\n"
        "    2023-05-20 Wagner Group: Bakhmut captured\n"
        f"    2023-05-20 {MAYOR}: withdrawal from Bakhmut by Ukraine\n"
        "1 of 4 towns flip from v1 to any-concedes on 2023-06-01\n"
    )


def test_command_prints_json(towns: list[Place]) -> None:
    answer = json.loads(command("no-publishers", "--on", "2023-06-01", "--json"))
    (flip,) = answer.pop("flips")
    assert answer == {
        "rules": "no-publishers",
        "beside": "v1",
        "on": "2023-06-01",
        "conflict": None,
        "include_pending": False,
        "compared": 4,
    }
    assert (flip["town"], flip["conflict"]) == ("Vuhledar", "ukraine")
    assert flip["to"] == {"status": "unknown", "since": None, "rule": None, "deciding": []}
    assert (flip["from"]["status"], flip["from"]["rule"]) == ("claimed ukraine", 4)
    assert [claim["label"] for claim in flip["from"]["deciding"]] == [
        "Example Courier: Vuhledar held by Ukraine"
    ]
    assert json.loads(command("repeat-90", "--on", "2023-01-20", "--json"))["flips"] == []


def test_command_can_be_limited_to_a_conflict(towns: list[Place]) -> None:
    make_conflict("elsewhere", "Another war")
    assert command("officials", "--conflict", "elsewhere", "--on", "2023-06-01") == (
        "0 of 0 towns flip from v1 to officials on 2023-06-01\n"
    )
    assert "4 of 4 towns" in command("officials", "--conflict", "ukraine", "--on", "2023-06-01")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["v2"], "invalid choice: 'v2'"),
        (["v1"], "invalid choice: 'v1'"),
        (["officials", "--on", "June"], "'June' is no day"),
        (["officials", "--conflict", "nowhere"], "there is no conflict 'nowhere'"),
    ],
)
def test_command_says_what_is_wrong(arguments: list[str], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        command(*arguments)
