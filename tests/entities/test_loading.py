"""Packs, gazetteer and GeoNames' dumps into the database: by upsert, editors' rows spared."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from entities.folding import fold
from entities.loading import Changes, load_packs
from entities.models import Actor, ActorName, Conflict, Place, PlaceName, Side
from entities.names import lexicon_from_database
from entities.packs import lexicon_from_packs, pack_paths, read_packs
from entities.place_loading import load_places
from entities.places import read_places

pytestmark = pytest.mark.django_db

PACK = """
key = "testland"
name = "War in Testland"
regions = ["TL"]

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
parent = "testland"
official = true
names = ["Army of the North", "NA"]
allegiances = [
    { side = "south", until = 2020-12-31 },
    { side = "north", since = 2021-01-01 },
]
speakers = [{ names = ["Ada Test", "Test"], role = "spokeswoman", since = 2021-02-03 }]

[[actor]]
key = "testland"
name = "Testland"
kind = "state"
demonyms = ["Testish"]
metonyms = ["Testville"]
"""


def call(command: str, *args: object) -> str:
    out = io.StringIO()
    call_command(command, *map(str, args), stdout=out)
    return out.getvalue()


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    path = tmp_path / "testland.toml"
    path.write_text(PACK, encoding="utf-8")
    return path


def dump_line(**fields: str) -> str:
    columns = {
        "geonameid": "1", "name": "Testov", "ascii": "Testov", "alternates": "Testow,TST",
        "latitude": "48.5", "longitude": "37.5", "class": "P", "code": "PPL", "country": "UA",
        "cc2": "", "admin1": "05", "admin2": "", "admin3": "", "admin4": "", "population": "120",
        "elevation": "", "dem": "99", "timezone": "Europe/Kyiv", "modified": "2024-01-01",
    }  # fmt: skip
    return "\t".join((columns | fields).values()) + "\n"


def test_database_and_packs_give_the_same_lexicon() -> None:
    call("load_packs")
    call("load_gazetteer")
    assert lexicon_from_database() == lexicon_from_packs()
    assert lexicon_from_database({"sudan"}) == lexicon_from_packs({"sudan"})


def test_lexicon_takes_the_same_number_of_queries(
    pack: Path, django_assert_num_queries: object
) -> None:
    queries = 11
    with django_assert_num_queries(5):  # type: ignore[operator]
        lexicon_from_database()
    call("load_packs", pack)
    load_places(read_places()[:50])
    with django_assert_num_queries(queries):  # type: ignore[operator]
        lexicon_from_database()
    load_places(read_places()[:900])
    with django_assert_num_queries(queries):  # type: ignore[operator]
        lexicon_from_database()


def test_loading_again_changes_nothing(pack: Path) -> None:
    packs = read_packs(pack_paths([pack]))
    first = load_packs(packs)
    assert first == Changes(added=Actor.objects.count())
    written = set(Actor.objects.values_list("pk", flat=True))
    assert load_packs(packs) == Changes(unchanged=len(written))
    places = read_places()[:2500]
    assert load_places(places) == Changes(added=2500)
    assert load_places(places) == Changes(unchanged=2500)
    assert set(Actor.objects.values_list("pk", flat=True)) == written


def test_unchanged_content_is_not_read_again(pack: Path) -> None:
    assert " 0 unchanged" in call("load_packs", pack)
    assert call("load_packs", pack).endswith(", unchanged\n")
    pack.write_text(PACK.replace('"NA"', '"N.A."'), encoding="utf-8")
    assert "actors: 0 added, 1 changed" in call("load_packs", pack)
    assert [name.name for name in Actor.objects.get(slug="northern-army").names.all()] == [
        "Northern Army",
        "Army of the North",
        "N.A.",
    ]


def test_pack_becomes_rows(pack: Path) -> None:
    call("load_packs", pack)
    actor = Actor.objects.get(slug="northern-army")
    assert (actor.name, actor.kind, actor.official) == ("Northern Army", "army", True)
    assert actor.parent == Actor.objects.get(slug="testland")
    assert list(actor.allegiances.values_list("side__key", "since", "until")) == [
        ("north", date(2021, 1, 1), None),
        ("south", None, date(2020, 12, 31)),
    ]
    assert [speaker.names for speaker in actor.speakers.all()] == [["Ada Test", "Test"]]
    assert ActorName.objects.get(name="Testville").kind == "metonym"
    assert Conflict.objects.get(slug="testland").regions == ["TL"]


def test_load_keeps_what_an_editor_has_changed(pack: Path) -> None:
    call("load_packs", pack)
    Actor.objects.filter(slug="northern-army").update(name="Northern Host", edited=True)
    Conflict.objects.filter(slug="testland").update(name="Testish war", edited=True)
    Side.objects.filter(key="north").update(colour="#111111", edited=True)
    pack.write_text(PACK.replace('kind = "army"', 'kind = "unit"'), encoding="utf-8")
    assert "1 kept as edited" in call("load_packs", pack)
    actor = Actor.objects.get(slug="northern-army")
    assert (actor.name, actor.kind) == ("Northern Host", "army")
    assert Conflict.objects.get(slug="testland").name == "Testish war"
    assert Side.objects.get(key="north").colour == "#111111"


def test_load_keeps_names_speakers_and_dates_of_an_edited_actor(pack: Path) -> None:
    call("load_packs", pack)
    actor = Actor.objects.get(slug="northern-army")
    actor.names.filter(name="NA").delete()
    actor.speakers.update(role="general")
    actor.allegiances.filter(side__key="north").update(since=date(2021, 5, 5))
    actor.allegiances.filter(side__key="south").delete()
    Actor.objects.filter(pk=actor.pk).update(edited=True)
    pack.write_text(PACK.replace("2021-02-03", "2021-02-04"), encoding="utf-8")
    assert "1 kept as edited" in call("load_packs", pack)
    assert [name.name for name in actor.names.all()] == ["Northern Army", "Army of the North"]
    speakers = actor.speakers.values_list("role", "since")
    assert list(speakers) == [("general", date(2021, 2, 3))]
    dates = actor.allegiances.values_list("side__key", "since")
    assert list(dates) == [("north", date(2021, 5, 5))]


def test_gazetteer_keeps_what_an_editor_has_changed() -> None:
    places = read_places()[:20]
    load_places(places)
    Place.objects.filter(key=places[0].place.key).update(name="Newname", edited=True)
    Place.objects.filter(key=places[1].place.key).update(name="Typo")
    assert load_places(places) == Changes(changed=1, kept=1, unchanged=18)
    assert Place.objects.get(key=places[0].place.key).name == "Newname"
    assert Place.objects.get(key=places[1].place.key).name == places[1].place.name


def test_provisional_actor_becomes_known_by_its_pack(pack: Path) -> None:
    Actor.objects.create(slug="testland", name="testland", kind="movement", provisional=True)
    assert "testland" not in {actor.key for actor in lexicon_from_database().common}
    call("load_packs", pack)
    actor = Actor.objects.get(slug="testland")
    assert (actor.name, actor.kind, actor.provisional) == ("Testland", "state", False)


def test_wrong_pack_loads_nothing(pack: Path) -> None:
    pack.write_text(PACK.replace('kind = "army"', 'kind = "band"'), encoding="utf-8")
    with pytest.raises(CommandError, match=r"testland\.toml:19: actor 'northern-army': 'band' is"):
        call("load_packs", pack)
    assert Actor.objects.count() == 0


def test_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"none\.toml: No such file or directory"):
        call("load_packs", tmp_path / "none.toml")
    with pytest.raises(CommandError, match=r"none\.zip: No such file or directory"):
        call("import_geonames", tmp_path / "none.zip")


@pytest.mark.parametrize("zipped", [False, True])
def test_import_of_a_dump(tmp_path: Path, zipped: bool) -> None:
    text = dump_line() + dump_line(geonameid="2", code="PPLX") + dump_line(**{"class": "H"})
    path = tmp_path / ("UA.zip" if zipped else "UA.txt")
    if zipped:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("readme.txt", "about")
            archive.writestr("UA.txt", text)
    else:
        path.write_text(text, encoding="utf-8")
    assert "1 added, 0 changed" in call("import_geonames", path)
    place = Place.objects.get()
    assert (place.key, place.name, place.geonameid) == ("gn-1", "Testov", 1)
    assert (place.admin1, place.population) == ("Donetsk Oblast", 120)
    assert [name.name for name in place.names.all()] == ["Testov", "Testow"]
    assert call("import_geonames", path).endswith(": unchanged\n")


def test_import_adds_only_what_is_missing(tmp_path: Path) -> None:
    load_places([one for one in read_places() if one.region in ("UA.05", "UA.26")])
    robotyne = Place.objects.get(name="Robotyne")
    bakhmut = Place.objects.get(name="Bakhmut", country="UA", admin1="Donetsk Oblast")
    path = tmp_path / "UA.txt"
    path.write_text(
        dump_line(
            geonameid="3", name="Robotyne", alternates="",
            latitude=str(robotyne.latitude), longitude=str(robotyne.longitude),
        )
        + dump_line(geonameid=str(bakhmut.geonameid), name="Bakhmut", population="1")
        + dump_line(geonameid="4", name="Robotyne", latitude="50.1"),
        encoding="utf-8",
    )  # fmt: skip
    before = Place.objects.count()
    assert "1 added, 0 changed, 1 unchanged" in call("import_geonames", path)
    assert Place.objects.count() == before + 1
    assert Place.objects.get(pk=bakhmut.pk).population == bakhmut.population


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("one\ttwo\n", r"UA\.txt:2: expected 19 columns, found 2"),
        (dump_line(latitude="north"), r"UA\.txt:2: could not convert string to float: 'north'"),
    ],
)
def test_import_refuses_what_is_no_dump(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "UA.txt"
    path.write_text(dump_line() + text, encoding="utf-8")
    with pytest.raises(CommandError, match=reason):
        call("import_geonames", path)
    assert Place.objects.count() == 0


def test_names_are_found_by_folded_key() -> None:
    load_places([one for one in read_places() if one.region == "UA.05"])
    for spelling in ("BAKHMUT", "Бахмут", "Artemivs'k", "artemivsk"):
        found = PlaceName.objects.filter(folded=fold(spelling), place__admin1="Donetsk Oblast")
        assert {name.place.name for name in found} == {"Bakhmut"}, spelling
