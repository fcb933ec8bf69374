"""Rule sets: what each variant hears otherwise than v1 does."""

from __future__ import annotations

from claims.status.rule_sets import RULE_SETS, V1
from tests.claims.status.tables import status, story

REPEAT_90, NO_PUBLISHERS = RULE_SETS["repeat-90"], RULE_SETS["no-publishers"]
OFFICIALS, ANY_CONCEDES = RULE_SETS["officials"], RULE_SETS["any-concedes"]


def test_sets_have_names_of_their_own_and_v1_is_the_first() -> None:
    assert list(RULE_SETS) == ["v1", "repeat-90", "no-publishers", "officials", "any-concedes"]
    assert len(set(RULE_SETS.values())) == len(RULE_SETS)
    assert RULE_SETS["v1"] is V1


def test_every_band_names_its_set() -> None:
    table = "03-01 RedArmy captured red part=north\n03-02 RedArmy captured red"
    for name, rules in RULE_SETS.items():
        town = status(table, rules=rules)
        bands = [*town.bands, *town.parts["north"]]
        assert [band.version for band in bands] == [name] * len(bands)


def test_denials_and_attacks_stand_for_90_days_unless_repeated() -> None:
    table = """
        01-01 RedArmy captured red
        01-02 BlueArmy denies captured red
        05-01 RedArmy holds red
    """
    assert story(table) == ["01-01 claimed red", "01-02 contested"]
    assert story(table, rules=REPEAT_90) == [
        "01-01 claimed red",
        "01-02 contested",
        "05-01 claimed red",
    ]


def test_publishers_own_voices_are_not_heard() -> None:
    table = """
        03-01 Gazette holds blue
        03-03 - fighting
        03-05 Monitor fighting
    """
    assert story(table) == ["03-01 claimed blue", "03-03 fought-over, holder blue"]
    assert story(table, rules=NO_PUBLISHERS) == ["03-05 fought-over"]


def test_a_publisher_who_names_the_taker_is_not_heard_either() -> None:
    table = "03-01 BlueArmy withdrew blue\n03-02 Gazette holds red"
    assert story(table) == ["03-01 unknown", "03-02 controlled red"]
    assert story(table, rules=NO_PUBLISHERS) == ["03-01 unknown"]


def test_only_official_actors_are_heard() -> None:
    table = """
        03-01 RedMilitia captured red
        03-02 BlueMayor denies captured red
        03-03 Observer fighting
        03-04 Gazette holds blue
        03-05 RedArmy captured red speaker=a_soldier
        03-06 RedArmy captured red
    """
    assert story(table) == ["03-01 claimed red", "03-02 contested"]
    assert story(table, rules=OFFICIALS) == ["03-06 claimed red"]


def test_any_actor_of_a_side_can_concede_for_it_but_no_unnamed_speaker() -> None:
    table = """
        03-01 RedArmy captured red
        03-02 BlueMayor withdrew blue speaker=a_soldier
        03-03 BlueMayor withdrew blue
    """
    assert story(table) == ["03-01 claimed red"]
    assert story(table, rules=ANY_CONCEDES) == ["03-01 claimed red", "03-03 controlled red"]


def test_by_no_set_does_a_sides_own_word_make_a_town_controlled() -> None:
    table = """
        03-01 RedArmy captured red
        03-02 RedMilitia holds red
        03-03 RedMinistry denies withdrew red
        03-04 RedArmy withdrew blue
    """
    for rules in RULE_SETS.values():
        assert [band.status for band in status(table, rules=rules).bands] == ["claimed"]
