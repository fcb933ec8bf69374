"""Packs written from the database: they read and load as what they were written from."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from entities.catalogue import CataloguedActor, War
from entities.exporting import pack_text, packs_of
from entities.folding import fold
from entities.lexicon import Actor as ActorRecord
from entities.lexicon import Allegiance as AllegianceRecord
from entities.lexicon import Side as SideRecord
from entities.lexicon import Speaker
from entities.models import Actor, Allegiance, Conflict, Side
from entities.names import lexicon_from_database
from entities.packs import Pack, pack_paths, read_packs


def call(name: str, *args: object, **options: Any) -> str:
    out = io.StringIO()
    call_command(name, *map(str, args), stdout=out, **options)
    return out.getvalue()


def records(paths: list[Path]) -> dict[str, Pack]:
    """By key, wherever the files are; in which order the allies stand means nothing."""
    return {
        pack.key: replace(pack, path=Path(), allegiances=tuple(sorted(pack.allegiances, key=repr)))
        for pack in read_packs(paths)
    }


@pytest.mark.django_db
def test_bundled_packs_come_back_as_they_were(tmp_path: Path) -> None:
    call("load_packs")
    assert call("export_packs", to=tmp_path).startswith(f"{tmp_path}: {len(pack_paths())} packs, ")
    exported = sorted(tmp_path.iterdir())
    assert [path.name for path in exported] == sorted(path.name for path in pack_paths())
    assert records(exported) == records(pack_paths())
    first = {path.name: path.read_bytes() for path in exported}
    before = lexicon_from_database()
    assert "0 added, 0 changed" in call("load_packs", *exported)
    assert lexicon_from_database() == before
    call("export_packs", to=tmp_path, force=True)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == first


@pytest.mark.django_db
def test_editors_changes_are_in_it(tmp_path: Path) -> None:
    call("load_packs")
    saf = Actor.objects.get(slug="sudanese-armed-forces")
    saf.names.create(name="Testish Army", folded=fold("Testish Army"), order=99)
    added = Actor.objects.create(
        slug="zz-added", name="Added “Front”", kind="movement", edited=True
    )
    side = Side.objects.get(conflict__slug="sudan", key="rsf")
    for since, until in ((date(2023, 5, 1), None), (date(2024, 1, 1), None)):
        Allegiance.objects.create(actor=added, side=side, since=since, until=until)
    Actor.objects.create(slug="met", name="Met", kind="movement", provisional=True)
    call("export_packs", "sudan", to=tmp_path)
    (path,) = tmp_path.iterdir()
    sudan = records(pack_paths([path]))["sudan"]
    known = {actor.key: actor for actor in sudan.actors}
    assert known["sudanese-armed-forces"].names[-1] == "Testish Army"
    assert known["zz-added"].name == "Added “Front”"
    assert "met" not in known
    assert [one.since for key, one in sudan.allegiances if key == "zz-added"] == [
        date(2023, 5, 1),
        date(2024, 1, 1),
    ]


@pytest.mark.django_db
def test_existing_files_are_kept(tmp_path: Path) -> None:
    call("load_packs")
    (tmp_path / "sudan.toml").write_text("mine", encoding="utf-8")
    with pytest.raises(CommandError, match=r"sudan\.toml: exists; --force replaces it"):
        call("export_packs", to=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["sudan.toml"]
    assert (tmp_path / "sudan.toml").read_text(encoding="utf-8") == "mine"
    call("export_packs", "sudan", to=tmp_path, force=True)
    assert (tmp_path / "sudan.toml").read_text(encoding="utf-8").startswith('key = "sudan"')


@pytest.mark.django_db
def test_what_no_pack_can_say_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    Conflict.objects.create(slug="testland", name="War in Testland", regions=["TL"])
    Side.objects.create(
        conflict=Conflict.objects.get(), key="north", name="  North", colour="#0072b2"
    )
    with pytest.raises(CommandError, match="testland: side 'north': '  North' has stray spaces"):
        call("export_packs", "testland", to=tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.django_db
def test_unknown_conflict_and_folder_that_is_a_file_are_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="the database has no conflict atlantis"):
        call("export_packs", "atlantis", to=tmp_path)
    file = tmp_path / "file"
    file.write_text("", encoding="utf-8")
    with pytest.raises(CommandError, match="File exists"):
        call("export_packs", "common", to=file)


def test_text_of_a_pack(tmp_path: Path) -> None:
    war = War("testland", 'War in "Testland"', ("TL",), (SideRecord("n", "North", "#0072b2"),))
    army = ActorRecord(
        key="army",
        name="Testish Army",
        kind="army",
        names=("Testish Army", "Tést's \\ Army"),
        official=True,
        speakers=(Speaker(("Ada Test", "Test"), "spokeswoman", date(2021, 2, 3)),),
    )
    other = ActorRecord(key="other", name="Other", kind="movement", names=("Other",))
    turns = (
        ("testland", AllegianceRecord("n", None, date(2020, 1, 1))),
        ("testland", AllegianceRecord("n", date(2021, 1, 1))),
    )
    home = [Pack("testland", Path("testland.toml"), war, (other, army), ())]
    packs = packs_of([war], [CataloguedActor(army, turns), CataloguedActor(other)], home)
    assert [(pack.key, [actor.key for actor in pack.actors]) for pack in packs] == [
        ("testland", ["other", "army"]),
        ("common", []),
    ]
    text = pack_text(packs[0])
    assert text.count("third_party = true") == 1
    path = tmp_path / "testland.toml"
    path.write_text(text, encoding="utf-8")
    assert read_packs([path]) == [replace(packs[0], path=path)]
