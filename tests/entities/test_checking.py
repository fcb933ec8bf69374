"""What check_packs finds: one small pack for each code, and the bundled ones clean."""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from entities.checking import CODES, Finding, check_gazetteer, check_packs
from entities.checking.colours import GROUNDS, nearest
from entities.checking.spellings import Period
from entities.lexicon import Place
from entities.places import GazetteerPlace

TODAY = date(2026, 1, 1)
REPOSITORY = Path(__file__).parents[2]
GOOD = """\
key = "testland"
name = "War in Testland"
regions = ["UA"]

[[side]]
key = "north"
name = "North"
colour = "#0072b2"

[[side]]
key = "south"
name = "South"
colour = "#d55e00"

[[actor]]
key = "northern-army"
name = "Northern Army"
kind = "army"
official = true
side = "north"
names = ["Army of the North", "NAR"]
demonyms = ["Northish"]
metonyms = ["Northville"]
speakers = [
    { names = ["Ada Test"], role = "spokeswoman" },
    { names = ["Bea Probe"], role = "minister", since = 2021-02-03, until = 2022-02-03 },
    { names = ["Cleo Check"], role = "minister", since = 2022-02-03 },
]

[[actor]]
key = "southern-host"
name = "Southern Host"
kind = "movement"
official = true
allegiances = [
    { side = "south", until = 2020-12-31 },
    { side = "north", since = 2021-01-01 },
]

[[actor]]
key = "onlookers"
name = "Onlookers of the East"
kind = "movement"
third_party = true

[[actor]]
key = "other-front"
name = "Other Front"
kind = "movement"
side = "south"
"""
OTHER = 'key = "other-front"\nname = "Other Front"\nkind = "movement"\nside = "south"\n'
TOWN = GazetteerPlace(
    Place(key="t", name="Testtown", names=("Testtown",), country="UA", districts=("Testpart",)),
    "UA.05",
)

# code, what to replace, by what, what the line has, what the reason says
CASES = [
    (
        "unreadable",
        'side = "south"\n',
        'side = "east"\n',
        'side = "east"',
        "'east' is none of north, south",
    ),
    (
        "name-repeated",
        '"NAR"',
        '"Northish"',
        'demonyms = ["Northish"]',
        "'Northish' is there twice, as name too",
    ),
    (
        "same-key",
        '"NAR"',
        '"Army of thé North"',
        "names = [",
        "'Army of thé North' is found by 'Army of the North' already",
    ),
    (
        "characters",
        '"NAR"',
        '"N\u200bAR"',
        "names = [",
        "has the character U+200B, which nobody sees",
    ),
    (
        "characters",
        '"NAR"',
        '"Cafe\u0301"',
        "names = [",
        "a letter and its accent as two characters",
    ),
    (
        "characters",
        '"minister", since = 2022',
        '"minis\u00adter", since = 2022',
        "Cleo Check",
        "U+00AD",
    ),
    ("mixed-alphabets", '"NAR"', '"NАR"', "names = [", "'NАR' mixes alphabets"),
    ("mixed-alphabets", 'name = "North"', 'name = "Nоrth"', "Nоrth", "'Nоrth' mixes alphabets"),
    ("name-generic", '"NAR"', '"the army"', "names = [", "'the army' may mean any side's"),
    ("name-common-word", '"NAR"', '"AND"', "names = [", "'AND' is a common word too"),
    ("name-empty", '"NAR"', '"N"', "names = [", "'N' is too short to be found"),
    (
        "name-clash",
        OTHER,
        OTHER + 'names = ["NAR"]\n',
        'names = ["NAR"]',
        "'NAR' (name) is a name of northern-army too, at testland.toml:2",
    ),
    (
        "name-clash",
        OTHER,
        OTHER + 'metonyms = ["Northish"]\n',
        'metonyms = ["Northish"]',
        "'Northish' (metonym) is a demonym of northern-army too",
    ),
    (
        "name-clash",
        '"Onlookers of the East"',
        '"Ada Test"',
        'name = "Ada Test"',
        "'Ada Test' (name) is a speaker of northern-army too, at testland.toml:2",
    ),
    (
        "speaker-clash",
        OTHER,
        OTHER + 'speakers = [{ names = ["Ada Test"] }]\n',
        'speakers = [{ names = ["Ada Test"] }]',
        "'Ada Test' (speaker) is a speaker of northern-army too, at testland.toml:2",
    ),
    (
        "speaker-twice",
        "third_party = true\n",
        'third_party = true\nspeakers = [{ names = ["Ada Test"] }]\n',
        'speakers = [{ names = ["Ada Test"] }]',
        "'Ada Test' (speaker)",
    ),
    ("name-is-place", '"NAR"', '"Testtown"', "names = [", "'Testtown' is a place of testland too"),
    (
        "name-is-place",
        '"Ada Test"',
        '"Testpart"',
        "Testpart",
        "'Testpart' is a place of testland too",
    ),
    ("no-side", "third_party = true\n", "", "[[actor]]", "a movement on no side"),
    (
        "unused-side",
        OTHER,
        OTHER + '[[side]]\nkey = "x"\nname = "X"\ncolour = "#707070"\n',
        "[[side]]",
        "no actor is on it",
    ),
    (
        "no-official",
        'key = "southern-host"\nname = "Southern Host"\nkind = "movement"\nofficial = true',
        'key = "southern-host"\nname = "Southern Host"\nkind = "movement"',
        "[[side]]",
        "none of its actors is official",
    ),
    (
        "official-kind",
        OTHER,
        OTHER.replace("movement", "city") + "official = true\n",
        "official = true",
        "a city cannot concede",
    ),
    (
        "not-official",
        OTHER,
        OTHER.replace("movement", "region"),
        'kind = "region"',
        "region, but not official",
    ),
    (
        "parent-side",
        OTHER,
        OTHER + 'parent = "northern-army"\n',
        "parent = ",
        "on the side south while its parent northern-army is on north",
    ),
    (
        "allegiance-overlap",
        OTHER,
        OTHER + '\n[[ally]]\nactor = "other-front"\nside = "north"\n',
        "[[actor]]",
        "on the side north while on south",
    ),
    (
        "implausible-date",
        "2022-02-03 },\n]",
        "2022-02-03, until = 2026-01-02 },\n]",
        "Cleo Check",
        "until 2026-01-02 of Cleo Check lies before 1945 or in the future",
    ),
    (
        "implausible-date",
        OTHER,
        OTHER + "since = 1944-12-31\n",
        "1944-12-31",
        "since 1944-12-31 of its side",
    ),
    (
        "speaker-undated",
        'role = "spokeswoman"',
        'role = "prime minister"',
        "Ada Test",
        "'Ada Test' is prime minister, without since or until",
    ),
    (
        "office-overlap",
        "since = 2022-02-03",
        "since = 2022-02-02",
        "Cleo Check",
        "'Cleo Check' is minister while 'Bea Probe' is",
    ),
    (
        "speaker-outside",
        OTHER,
        OTHER + 'until = 2020-01-01\nspeakers = [{ names = ["Dora"], since = 2020-01-02 }]\n',
        "Dora",
        "'Dora' speaks on no day on which",
    ),
    (
        "colour-contrast",
        "#d55e00",
        "#ffd500",
        "#ffd500",
        "#ffd500 has a contrast of 1.37 against #fbfbf9",
    ),
    ("colour-distance", "#d55e00", "#1e6fa8", "#1e6fa8", "#1e6fa8 is 1.6 from north's #0072b2"),
    (
        "region-unknown",
        '["UA"]',
        '["UA", "TL"]',
        "regions = ",
        "the gazetteer knows no region 'TL'",
    ),
    (
        "region-empty",
        '["UA"]',
        '["UA", "RU.41"]',
        "regions = ",
        "the gazetteer has no place in 'RU.41'",
    ),
    (
        "region-overlap",
        '["UA"]',
        '["UA", "UA.05"]',
        "regions = ",
        "'UA.05' is in testland.toml too, by 'UA'",
    ),
]


def check(folder: Path, text: str) -> list[Finding]:
    path = folder / "testland.toml"
    path.write_text(text, encoding="utf-8")
    return check_packs([path], [TOWN], TODAY)


def call(*args: object) -> str:
    out = io.StringIO()
    call_command("check_packs", *args, stdout=out)
    return out.getvalue()


def test_good_pack_has_no_findings(tmp_path: Path) -> None:
    assert check(tmp_path, GOOD) == []


@pytest.mark.parametrize(("code", "old", "new", "line", "reason"), CASES)
def test_finding(tmp_path: Path, code: str, old: str, new: str, line: str, reason: str) -> None:
    assert GOOD.count(old) == 1
    text = GOOD.replace(old, new)
    found = [one for one in check(tmp_path, text) if one.code == code]
    assert len(found) == 1, found
    assert line in text.splitlines()[found[0].line - 1]
    word = "error" if CODES[code].is_error else "warning"
    told = str(found[0])
    assert told.startswith(f"{tmp_path / 'testland.toml'}:{found[0].line}: {word}: ")
    assert told.endswith(f"[{code}]")
    assert reason in told


def test_every_code_has_a_case() -> None:
    of_gazetteer = {code for code in CODES if code.startswith("gazetteer-")}
    assert {case[0] for case in CASES} | of_gazetteer == set(CODES)


def test_everything_is_found_at_once(tmp_path: Path) -> None:
    text = GOOD.replace('"NAR"', '"N\u200bAR"').replace("#d55e00", "#ffd500")
    text = text.replace('kind = "army"', 'kind = "band"').replace("third_party = true\n", "")
    codes = [one.code for one in check(tmp_path, text)]
    assert codes == ["colour-contrast", "unreadable", "no-side"]


def test_names_may_be_shared_by_actors_of_different_days(tmp_path: Path) -> None:
    first = OTHER + 'until = 2020-01-01\nnames = ["Both"]\n'
    second = OTHER.replace("ther", "nother") + 'since = 2020-01-02\nnames = ["Both"]\n'
    assert check(tmp_path, GOOD.replace(OTHER, f"{first}\n[[actor]]\n{second}")) == []
    second = second.replace("2020-01-02", "2020-01-01")
    found = check(tmp_path, GOOD.replace(OTHER, f"{first}\n[[actor]]\n{second}"))
    assert [one.code for one in found] == ["name-clash"]


def test_third_parties_of_one_war_are_known_in_every_war(tmp_path: Path) -> None:
    other = tmp_path / "otherland.toml"
    text = GOOD.replace("testland", "otherland").replace('["UA"]', '["SD"]')
    text = re.sub(r'(?<=key = ")(?!otherland|north"|south")', "other-", text)
    other.write_text(text.replace('"Onlookers of the East"', '"NAR"'), encoding="utf-8")
    path = tmp_path / "testland.toml"
    path.write_text(GOOD, encoding="utf-8")
    place = GazetteerPlace(Place("s", "Stown", ("Stown",), "SD"), "SD.55")
    found = check_packs([path, other], [TOWN, place], TODAY)
    clashes = [one.reason for one in found if one.code == "name-clash" and one.path == other]
    assert any("'NAR' (name) is a name of northern-army too" in reason for reason in clashes)


def test_warning_can_be_allowed_and_an_error_cannot(tmp_path: Path) -> None:
    names = 'names = ["Army of the North", "NAR"]'
    generic = 'names = ["Army of the North", "army"]'
    assert check(tmp_path, GOOD.replace(names, f"{generic}  # allow: name-generic")) == []
    assert check(tmp_path, GOOD.replace(names, f"# allow: same-key, name-generic\n{generic}")) == []
    assert len(check(tmp_path, GOOD.replace(names, f"{generic}  # allow: same-key"))) == 1
    wrong = 'names = ["Army of the North", "N"]  # allow: name-empty'
    assert [one.code for one in check(tmp_path, GOOD.replace(names, wrong))] == ["name-empty"]


@pytest.mark.parametrize(
    ("one", "other", "overlaps"),
    [
        (Period(), Period(), True),
        (Period(until=date(2020, 1, 1)), Period(since=date(2020, 1, 1)), True),
        (Period(until=date(2020, 1, 1)), Period(since=date(2020, 1, 2)), False),
        (Period(since=date(2020, 1, 2)), Period(until=date(2020, 1, 1)), False),
        (Period(date(2020, 1, 1), date(2020, 2, 1)), Period(date(2020, 1, 9)), True),
    ],
)
def test_overlap_of_periods(one: Period, other: Period, overlaps: bool) -> None:
    assert one.overlaps(other) is overlaps


def test_grounds_are_the_pages() -> None:
    style = (REPOSITORY / "static/css/base.css").read_text(encoding="utf-8")
    used = re.findall(r"--(?:ground|raised): (#[0-9a-f]{6});", style)
    assert sorted(used) == sorted(GROUNDS)


def test_red_and_green_of_one_lightness_are_near_for_some_eyes() -> None:
    distance, eyes = nearest("#b8860b", "#7a9a00")
    assert distance < 10
    assert eyes == "without the cones for green"
    assert nearest("#0072b2", "#d55e00")[0] > 40


# ---- the gazetteer

FILES = {
    "admin1.csv": "country,code,name,names\nTL,01,North,\nTL,02,South,\n",
    "countries.csv": "country,south,west,north,east\nTL,0,0,10,10\n",
    "places.csv": "geonameid,name,names,country,admin1,latitude,longitude,population\n"
    "1,Usual,Old|Other,TL,01,5.0,5.0,10\n2,Second,,TL,02,1.0,1.0,10\n",
    "preferred.csv": "country,geonames_name,admin1,name,names,geonameid\nTL,Old,01,Usual,Other,\n",
    "supplement.csv": "key,name,names,country,admin1,latitude,longitude,population\n"
    "hand-tl,Hand,,TL,01,5.1,5.1,10\n",
    "districts.csv": "country,admin1,name,districts\nTL,01,Usual,Part\n",
}


def gazetteer(folder: Path, changed: dict[str, str]) -> Path:
    for name, text in (FILES | changed).items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_good_gazetteer_has_no_findings(tmp_path: Path) -> None:
    assert check_gazetteer(gazetteer(tmp_path, {})) == []


@pytest.mark.parametrize(
    ("code", "file", "row", "reason"),
    [
        ("gazetteer-lost", "preferred.csv", "TL,Old,01,Uzual,,", "no such place of these names"),
        ("gazetteer-lost", "preferred.csv", "TL,Old,01,Usual,Third,", "of these names"),
        ("gazetteer-lost", "preferred.csv", "TL,Old,02,Usual,,", "of these names"),
        ("gazetteer-lost", "districts.csv", "TL,02,Usual,Part", "no such place in TL.02"),
        ("gazetteer-repeated", "supplement.csv", "hand-tl,New,,TL,01,5,6,1", "there twice"),
        ("gazetteer-repeated", "supplement.csv", "new-tl,Usual,,TL,01,5.0,5.05,1", "places.csv:2"),
        (
            "gazetteer-region",
            "supplement.csv",
            "new-tl,New,,TL,03,5,5,1",
            "admin1.csv has no TL.03",
        ),
        ("gazetteer-coordinates", "supplement.csv", "new-tl,New,,TL,01,5,10.1,1", "is not in TL"),
        ("gazetteer-far", "supplement.csv", "new-tl,New,,TL,02,4.9,5,1", "620 km from every other"),
        ("mixed-alphabets", "supplement.csv", "new-tl,New,Nеw,TL,01,5,6,1", "'Nеw' mixes"),
        ("characters", "supplement.csv", "new-tl,New ,,TL,01,5,6,1", "'New ' has stray spaces"),
        ("characters", "districts.csv", "TL,01,Usual,Pa\u00a0rt", "stray spaces"),
    ],
)
def test_finding_in_the_gazetteer(
    tmp_path: Path, code: str, file: str, row: str, reason: str
) -> None:
    text = FILES[file] + row + "\n"
    found = check_gazetteer(gazetteer(tmp_path, {file: text}))
    told = [(one.code, one.path.name, one.line) for one in found if one.code == code]
    assert told[0] == (code, file, text.count("\n")), found
    assert reason in next(one.reason for one in found if one.code == code)


# ---- the command and the bundled files


def test_command_tells_all_and_fails(tmp_path: Path) -> None:
    path = tmp_path / "testland.toml"
    text = GOOD.replace('["UA"]', '["TR"]').replace('"NAR"', '"army"')
    path.write_text(text, encoding="utf-8")
    out = io.StringIO()
    with pytest.raises(CommandError, match="1 errors, 1 warnings; --explain CODE says") as caught:
        call_command("check_packs", path, stdout=out)
    assert caught.value.returncode == 1
    first, second = out.getvalue().splitlines()
    assert first.startswith(f"{path}:3: error: pack: the gazetteer knows no region 'TR'")
    assert second.startswith(f"{path}:21: warning: actor 'northern-army': 'army'")


def test_command_says_what_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "testland.toml"
    path.write_text("key = ", encoding="utf-8")
    out = io.StringIO()
    with pytest.raises(CommandError, match="1 errors, 0 warnings"):
        call_command("check_packs", path, stdout=out)
    assert f"{path}:1: error: is not TOML" in out.getvalue()
    with pytest.raises(CommandError, match=r"none\.toml: No such file or directory"):
        call(tmp_path / "none.toml")


def test_command_explains_a_code() -> None:
    assert call("--explain", "name-clash").startswith("name-clash (error)\nOne spelling stands")
    with pytest.raises(CommandError, match="invalid choice: 'nonsense'"):
        call("--explain", "nonsense")
