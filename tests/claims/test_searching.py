"""What is understood of what is typed, and what it finds."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from claims.models import Claim
from claims.searching import understand
from sources.models import Document
from tests.factories import make_actor, make_claim, make_document, make_place

pytestmark = pytest.mark.django_db


@pytest.fixture
def said() -> dict[str, Claim]:
    """Of Soledar that it was taken, and of Bakhmut that there is fighting."""
    taken = make_document("Wagner's men have taken all of Soledar.", title="The salt mines")
    fights = make_document("Fighting goes on in Bakhmut's western streets.", title="In the west")
    return {
        "taken": make_claim(document=taken, speaker="Yevgeny Prigozhin"),
        "fighting": make_claim(
            "fighting", place="Bakhmut", claimant="Armed Forces of Ukraine", document=fights
        ),
    }


def found(said: dict[str, Claim], typed: str) -> set[str]:
    """The claims, by their names here."""
    ids = set(understand(typed).claims(Claim.objects.all()).values_list("id", flat=True))
    return {name for name, claim in said.items() if claim.id in ids}


def titles(typed: str) -> list[str]:
    found = list(understand(typed).documents())
    by_id = Document.objects.in_bulk(found)
    return [by_id[id_].title for id_ in found]


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("taken", {"taken"}),
        ("TAKEN", {"taken"}),
        ("street", {"fighting"}),  # by its stem
        ("taken streets", set()),
        ("taken or streets", {"taken", "fighting"}),
        ('"men have taken"', {"taken"}),
        ('"taken men"', set()),
        ("Prigozhin", {"taken"}),
        ("captured", {"taken"}),  # what the label says
        ("Artemivsk", {"fighting"}),
        ("Бахмут", {"fighting"}),
        ("karlo libknekhtivsk taken", {"taken"}),
        ("Wagner Group", {"taken"}),
        ("wagner group Artemivsk", set()),
        ("fighting -Artemivsk", set()),
        ("taken -Artemivsk", {"taken"}),
        ("the taken", {"taken"}),
        ("Bachmu", set()),  # neither a word nor a name
    ],
)
def test_claims(said: dict[str, Claim], typed: str, names: set[str]) -> None:
    assert found(said, typed) == names


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Artemivsk", ["In the west"]),
        ("salt", ["The salt mines"]),
        ("Артемівськ", ["In the west"]),
        ("mines or streets", ["In the west", "The salt mines"]),
        ("-streets mines", ["The salt mines"]),
        ("Соледар salt", ["The salt mines"]),
    ],
)
def test_documents(said: dict[str, Claim], typed: str, expected: list[str]) -> None:
    assert sorted(titles(typed)) == expected


@pytest.mark.parametrize(
    "typed", ["", " ", "the of", "-", '""', "!!", "or", "\u202e", "&|!():*<->"]
)
def test_nothing_to_search_for(said: dict[str, Claim], typed: str) -> None:
    search = understand(typed)
    assert not search
    assert list(search.claims(Claim.objects.all())) == []
    assert list(search.documents()) == []


def test_the_title_goes_before_the_text_and_the_fitter_before_the_later() -> None:
    make_document("Nothing else here, but salt.", title="Another day")
    make_document("Nothing at all.", title="Salt")
    assert titles("salt") == ["Salt", "Another day"]


def test_claims_about_a_town_go_before_those_that_mention_it() -> None:
    make_place("Bakhmut")
    text = make_document("Bakhmut, Bakhmut: Soledar has been taken.")
    mentions = make_claim(document=text)
    about = make_claim("fighting", place="Bakhmut", document=make_document("They fight."))
    search = understand("Bakhmut")
    ranked = search.ranked(search.claims(Claim.objects.all()))
    assert [claim.id for claim in ranked] == [about.id, mentions.id]
    assert list(search.best(search.claims(Claim.objects.all()))) == [about.id, mentions.id]


def test_of_very_many_only_the_latest_are_weighed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claims.searching.WEIGHED", 2)
    made = [
        make_document(text, title=title, published=datetime(2023, 1, day, tzinfo=UTC))
        for day, title, text in (
            (1, "Salt, salt", "Salt and salt."),
            (2, "Salt", "Nothing at all."),
            (3, "Another day", "Nothing else here, but salt."),
        )
    ]
    oldest, titled, latest = (document.id for document in made)
    found = understand("salt").documents()
    assert found[:2] == [titled, latest]
    assert found[2:4] == [oldest]


def test_a_name_without_claims_is_a_word() -> None:
    make_place("Bakhmut")
    make_document("Artemivsk was its name.", title="Old names")
    assert titles("Artemivsk") == ["Old names"]
    assert titles("Бахмут") == []


def test_a_longer_name_goes_before_a_shorter_one() -> None:
    make_actor("Wagner")
    group = make_claim()
    search = understand("Wagner Group")
    assert [term.words for term in search.terms] == ["Wagner Group"]
    assert list(search.claims(Claim.objects.all())) == [group]


def test_however_much_is_typed_there_is_a_bound() -> None:
    typed = " ".join(f"word{number}" for number in range(500))
    search = understand(typed)
    assert len(search.terms) == 16
    assert list(search.claims(Claim.objects.all())) == []


def test_a_text_of_any_words_can_be_stored() -> None:
    """More words than fit into what is searched are not searched, and lose nothing."""
    text = " ".join(f"{number:x}-{number:x}" for number in range(40_000))
    make_document(text, title="A long list")
    assert Document.objects.get().text == text
    assert titles("list") == ["A long list"]
