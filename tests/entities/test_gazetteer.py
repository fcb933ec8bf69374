"""The bundled gazetteer: usual English names, all spellings, no duplicates."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from operator import sub

import pytest

from entities.folding import fold
from entities.gazetteer.spelling import is_usable, usual_name
from entities.lexicon import Place
from entities.places import DISTRICTS, GAZETTEER, GazetteerPlace, read_admin1, read_places

USUAL = [
    ("UA.05", "Artyomovsk", "Bakhmut"),
    ("UA.05", "Dachenskoe", "Dachenske"),
    ("UA.05", "Avdeevka", "Avdiivka"),
    ("UA.05", "Avdiyivka", "Avdiivka"),
    ("UA.14", "Syevyerodonets'k", "Sievierodonetsk"),
    ("UA.14", "Severodonetsk", "Sievierodonetsk"),
    ("UA.14", "Lisichansk", "Lysychansk"),
    ("UA.05", "Krasnoarmeysk", "Pokrovsk"),
    ("UA.05", "Dzerzhinsk", "Toretsk"),
    ("UA.05", "Ugledar", "Vuhledar"),
    ("UA.05", "Kurakhovo", "Kurakhove"),
    ("UA.05", "Chasov Yar", "Chasiv Yar"),
    ("UA.05", "Kleshcheevka", "Klishchiivka"),
    ("UA.05", "Маринка", "Marinka"),
    ("UA.07", "Izyum", "Izium"),
    ("UA.07", "Kupyansk", "Kupiansk"),
    ("UA.07", "Volchansk", "Vovchansk"),
    ("UA.07", "Sinkovka", "Synkivka"),
    ("UA.26", "Rabotino", "Robotyne"),
    ("UA.08", "Krynki", "Krynky"),
    ("UA.14", "Kremennaya", "Kreminna"),
    ("RU.41", "Sudja", "Sudzha"),
    ("SD.55", "Al Fashir", "El Fasher"),
    ("SD.38", "Wad Medani", "Wad Madani"),
    ("SD.56", "Al Ubayyid", "El Obeid"),
    ("SD.58", "Sinja", "Singa"),
    ("SD.62", "An Nahud", "En Nahud"),
    ("SY.04", "Ar Raqqah", "Raqqa"),
    ("SY.07", "Deir al-Zor", "Deir ez-Zor"),
    ("SY.06", "Deraa", "Daraa"),
    ("SY.10", "Hamah", "Hama"),
    ("SY.11", "Hims", "Homs"),
    ("SY.11", "Tadmur", "Palmyra"),
    ("SY.09", "Ayn al Arab", "Kobani"),
    ("IQ.01", "Falluja", "Fallujah"),
    ("IQ.15", "Shingal", "Sinjar"),
    ("LY.76", "Surt", "Sirte"),
    ("LY.82", "Tarhouna", "Tarhuna"),
    ("LY.80", "Al Asabaa", "Asabaa"),
    ("LY.77", "Castelverde", "Garabulli"),
    ("CD.12", "Bulambika", "Bunyakiri"),
    ("RW.14", "Rubavu", "Gisenyi"),
    ("ER.04", "Omhajer", "Om Hajer"),
    ("MM.11", "Pang Hseng", "Kyu Koke"),
    ("SO.09", "Kamboni", "Ras Kamboni"),
    ("SY.07", "Shaafa", "Al-Shaafah"),
    ("IQ.06", "Jurf al-Nasr", "Jurf al-Sakhar"),
    ("ET.53", "Mekele", "Mekelle"),
    ("AF.10", "Lashkargah", "Lashkar Gah"),
    ("AZ.55", "Shushi", "Shusha"),
    ("MM.11", "Naungcho", "Nawnghkio"),
    ("YE.08", "Al Hudaydah", "Hodeidah"),
    ("YE.08", "Hudaydah", "Hodeidah"),
    ("YE.08", "Hudaida", "Hodeidah"),
]


@pytest.fixture(scope="module")
def places() -> list[GazetteerPlace]:
    return read_places()


@pytest.mark.parametrize(("region", "spelling", "name"), USUAL)
def test_usual_english_name(
    places: list[GazetteerPlace], region: str, spelling: str, name: str
) -> None:
    found = [
        entry.place
        for entry in places
        if entry.region == region and fold(spelling) in map(fold, entry.place.names)
    ]
    assert max(found, key=lambda place: place.population).name == name


def test_a_name_that_texts_use_of_one_town_is_no_other_towns(places: list[GazetteerPlace]) -> None:
    for spelling in ("Artemivsk", "Artemovsk", "Артемівськ"):
        named = [
            entry.place.name
            for entry in places
            if entry.place.country == "UA" and fold(spelling) in map(fold, entry.place.names)
        ]
        assert named == ["Bakhmut"], spelling


def test_places_and_their_names_are_there_once(places: list[GazetteerPlace]) -> None:
    keys = Counter(entry.place.key for entry in places)
    assert [key for key, count in keys.items() if count > 1] == []
    for entry in places:
        names = entry.place.names
        assert names[0] == entry.place.name
        assert len(set(names)) == len(names), entry.place.key
        assert all(name == " ".join(name.split()) and fold(name) for name in names), names


def test_places_lie_in_known_regions(places: list[GazetteerPlace]) -> None:
    known = read_admin1()
    assert {entry.region for entry in places} - set(known) == set()
    assert all(division.name == division.name.strip() for division in known.values())


def whereabouts(place: Place) -> tuple[float, float]:
    assert place.latitude is not None
    assert place.longitude is not None
    return place.latitude, place.longitude


def test_supplement_has_nothing_that_geonames_has(places: list[GazetteerPlace]) -> None:
    """A place of the same name within a tenth of a degree would be the same place."""
    by_name = defaultdict(list)
    for entry in places:
        if entry.place.geonameid:
            by_name[entry.place.country, entry.place.name].append(entry.place)
    repeated = [
        entry.place.key
        for entry in places
        if not entry.place.geonameid
        for other in by_name[entry.place.country, entry.place.name]
        if max(map(abs, map(sub, whereabouts(other), whereabouts(entry.place)))) < 0.1
    ]
    assert repeated == []


def test_districts_belong_to_towns_that_are_there(places: list[GazetteerPlace]) -> None:
    known = {(entry.region, entry.place.name) for entry in places}
    with DISTRICTS.open(encoding="utf-8", newline="") as file:
        wanted = {
            (f"{row['country']}.{row['admin1']}", row["name"]) for row in csv.DictReader(file)
        }
    assert wanted - known == set()


def test_gazetteer_is_small() -> None:
    assert sum(path.stat().st_size for path in GAZETTEER.glob("*.csv")) < 2_500_000


@pytest.mark.parametrize(
    ("country", "name", "alternates", "usual"),
    [
        ("UA", "Testiyivka", ["Тестіївка", "Тестеевка"], "Testiivka"),
        ("UA", "Tyest'ye", ["Тєстьє", "Иное"], "Tiestie"),
        ("UA", "Tested", ["Инакше"], "Tested"),
        ("SY", "Tall aţ Ţest", ["Tel"], "Tall at Test"),
        ("AZ", "Təstı", [], "Tasti"),
    ],
)
def test_choice_of_the_usual_name(
    country: str, name: str, alternates: list[str], usual: str
) -> None:
    assert usual_name(country, name, alternates) == usual


@pytest.mark.parametrize(
    ("name", "usable"),
    [
        ("Testow", True),
        ("Тестів", True),
        ("تست", True),
        ("TST", False),
        ("te si te", False),
        ("Te", False),
        ("テスト", False),
        ("Testow, Upper", False),
        ("", False),
    ],
)
def test_which_alternate_names_are_kept(name: str, usable: bool) -> None:
    assert is_usable(name) is usable
