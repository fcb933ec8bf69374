"""Packs: what is refused, with file and line, and what the bundled ones must hold."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import combinations
from pathlib import Path

import pytest

from entities.folding import fold
from entities.lexicon import Actor, Lexicon
from entities.packs import PACKS, PackError, lexicon_from_packs, pack_paths, read_packs

GOOD = """\
key = "testland"
name = "War in Testland"
regions = ["TL"]

[[side]]
key = "north"
name = "North"
colour = "#0072b2"

[[actor]]
key = "northern-army"
name = "Northern Army"
kind = "army"
side = "north"
names = [
    "Army of the North",
    "NA",
]
speakers = [{ names = ["Ada Test"], since = 2021-02-03 }]

[[ally]]
actor = "northern-army"
side = "north"
"""

SIDES = {
    "ukraine": {"russia", "ukraine"},
    "sudan": {"saf", "rsf"},
    "congo": {"drc", "m23"},
    "syria": {"assad", "opposition", "sdf", "isis", "turkey"},
    "iraq": {"iraq", "isis"},
    "libya": {"lna", "gna"},
    "afghanistan": {"taliban", "republic"},
    "karabakh": {"azerbaijan", "armenia"},
    "ethiopia": {"ethiopia", "tplf"},
    "myanmar": {"junta", "resistance"},
    "somalia": {"somalia", "alshabaab"},
    "yemen": {"houthis", "yemen"},
}


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return lexicon_from_packs()


def actors(lexicon: Lexicon, conflict: str) -> dict[str, Actor]:
    found = next(one for one in lexicon.conflicts if one.key == conflict)
    return {actor.name: actor for actor in found.actors}


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ('"TL"]', '"TL"', 5, "pack is not TOML"),
        ('colour = "#0072b2"', 'colour = "blue"', 8, "'blue' is no colour"),
        ('key = "north"', 'key = "North"', 6, "'North' is no key"),
        ('kind = "army"', 'kind = "band"', 13, "'band' is none of army, city"),
        ('side = "north"\nnames', 'side = "east"\nnames', 14, "'east' is none of north"),
        ('"NA"', '"Army of the North"', 17, "'Army of the North' is there twice"),
        ('"NA"', '"NA "', 17, "'NA ' has stray spaces"),
        ('"NA"', '""', 15, "'names' has an empty text"),
        ('"NA"', "7", 15, "'names' must be a list of texts"),
        ('kind = "army"', 'kind = "army"\nmood = "x"', 14, "unknown field 'mood'"),
        ('name = "Northern Army"\n', "", 10, "'name' is missing"),
        ("2021-02-03", '"soon"', 19, "'since' must be a day"),
        ("since = 2021-02-03", "since = 2021-02-03, until = 2020-01-01", 19, "ends on 2020-01-01"),
        ('["Ada Test"]', "[]", 19, "a speaker needs at least one name"),
        ('kind = "army"', 'kind = "army"\nparent = "nobody"', 14, "no pack has an actor 'nobody'"),
        ('kind = "army"', 'kind = "army"\nparent = "northern-army"', 14, "is its own ancestor"),
        ('actor = "northern-army"', 'actor = "nobody"', 22, "no pack has an actor 'nobody'"),
        ('key = "northern-army"', 'key = "russia"', 11, "actor 'russia' is in ukraine.toml too"),
        ("[[ally]]", '[[side]]\nkey = "north"\nname = "N"\ncolour = "#000000"\n[[ally]]', 22,
         "this side is there twice"),
    ],
)  # fmt: skip
def test_mistake_is_said_with_file_and_line(
    tmp_path: Path, old: str, new: str, line: int, reason: str
) -> None:
    path = tmp_path / "testland.toml"
    assert GOOD.count(old) == 1
    path.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(PackError) as caught:
        read_packs(pack_paths([path]))
    assert (caught.value.path, caught.value.line) == (path, line)
    assert str(caught.value).startswith(f"{path}:{line}: ")
    assert reason in f"pack {caught.value.reason}"


def test_text_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "testland.toml"
    path.write_bytes(GOOD.encode() + b'\nother = "\xff"\n')
    with pytest.raises(PackError, match=r"testland\.toml:25: is not UTF-8 text"):
        read_packs([path])


def test_own_pack_takes_the_place_of_a_bundled_one(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(GOOD.replace('key = "testland"', 'key = "yemen"'), encoding="utf-8")
    lexicon = lexicon_from_packs({"yemen"}, packs=[path])
    assert [actor.name for actor in lexicon.conflicts[0].actors] == ["Northern Army"]


def test_unknown_conflict_is_refused() -> None:
    with pytest.raises(KeyError, match="no pack for the conflict atlantis"):
        lexicon_from_packs({"atlantis"})


def test_sides_are_the_codebooks(lexicon: Lexicon) -> None:
    sides = {one.key: {side.key for side in one.sides} for one in lexicon.conflicts}
    assert sides == SIDES


def contrast(one: str, other: str) -> float:
    """The WCAG contrast ratio of two colours."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_colours_stand_out_and_differ(lexicon: Lexicon) -> None:
    for conflict in lexicon.conflicts:
        colours = [side.colour for side in conflict.sides]
        assert not [one for one, other in combinations(colours, 2) if one == other]
        for colour in colours:
            assert contrast(colour, "#ffffff") >= 3
            assert contrast(colour, "#121212") >= 3


def test_no_name_stands_for_two_actors_of_a_war(lexicon: Lexicon) -> None:
    for conflict in lexicon.conflicts:
        known = [*conflict.actors, *lexicon.common]
        names = Counter(
            key for actor in known for key in {*actor.names, *actor.demonyms, *actor.metonyms}
        )
        assert [name for name, count in names.items() if count > 1] == [], conflict.key


def test_no_name_folds_to_nothing(lexicon: Lexicon) -> None:
    everyone = [actor for one in lexicon.conflicts for actor in one.actors] + [*lexicon.common]
    assert [name for actor in everyone for name in actor.names if not fold(name)] == []


def test_official_actors_are_those_whose_word_concedes(lexicon: Lexicon) -> None:
    for conflict in lexicon.conflicts:
        for actor in conflict.actors:
            if actor.kind in ("city", "unit", "publisher", "monitor", "people"):
                assert not actor.official, actor.key
    official = {name: actor.official for name, actor in actors(lexicon, "ukraine").items()}
    assert not official["Wagner Group"]
    assert official["Russian Ministry of Defence"]
    assert official["Governor of Luhansk"]
    assert official["President of Ukraine"]


def test_side_follows_the_conflict_and_the_day(lexicon: Lexicon) -> None:
    assert actors(lexicon, "ukraine")["Russia"].side_on(date(2023, 1, 11)) == "russia"
    in_syria = actors(lexicon, "syria")["Russia"]
    assert in_syria.side_on(date(2016, 3, 27)) == "assad"
    assert in_syria.side_on(date(2015, 1, 1)) is None
    assert actors(lexicon, "syria")["Islamic State"].side_on(date(2016, 3, 27)) == "isis"


def test_states_of_other_wars_are_third_parties() -> None:
    sudan = lexicon_from_packs({"sudan"})
    assert [one.key for one in sudan.conflicts] == ["sudan"]
    common = {actor.key: actor for actor in sudan.common}
    assert {"russia", "turkey", "united-states", "institute-for-the-study-of-war"} <= set(common)
    assert common["russia"].allegiances == ()
    assert "wagner-group" not in common


def test_every_spelling_of_a_speaker_is_known(lexicon: Lexicon) -> None:
    ministry = actors(lexicon, "ukraine")["Ministry of Defence of Ukraine"]
    spellings = {name for speaker in ministry.speakers for name in speaker.names}
    assert {"Malyar", "Maliar", "Hanna Malyar", "Oleksii Reznikov"} <= spellings


def test_bundled_packs_are_named_by_their_keys() -> None:
    assert {path.stem for path in PACKS.glob("*.toml")} == {*SIDES, "common"}
    assert {pack.path.stem: pack.key for pack in read_packs(pack_paths())} == {
        key: key for key in (*SIDES, "common")
    }
