"""The names inbox: what it lists, how each answer is given and refused, and by whom."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from claims import runs
from claims.extraction.records import EXTRACTOR_VERSION, NameKind, TakenFor
from claims.models import Claim, ExtractionRun, NameDecision, Suggestion
from claims.names import ruling as naming
from claims.names.inbox import OpenNames, use_of
from claims.names.ruled import key_of
from entities.folding import fold
from entities.loading import load_packs
from entities.models import Actor, Load, Place, PlaceName
from entities.packs import pack_paths, read_packs
from entities.place_loading import load_places
from entities.places import read_places
from sources.models import Document
from tests.entities.test_loading import PACK
from tests.factories import (
    make_actor,
    make_claim,
    make_conflict,
    make_document,
    make_place,
    make_user,
)
from tests.reading import Reader, read

pytestmark = pytest.mark.django_db
INBOX = "/bench/names-inbox/"


def suggest(
    name: str = "Oumkessa",
    kind: NameKind = "place",
    taken_for: TakenFor = "town",
    of: str = "",
    document: Document | None = None,
) -> Document:
    """A document in which the name was not known."""
    if document is None:
        document = make_document(f"{name} has fallen, {Document.objects.count()} say.")
    run, _ = ExtractionRun.objects.get_or_create(
        document=document,
        extractor_version=EXTRACTOR_VERSION,
        defaults={"state": "done", "finished_at": document.published},
    )
    Suggestion.objects.create(
        run=run,
        kind=kind,
        name=name,
        folded=key_of(name),
        start=0,
        end=len(name) + 1,
        sentence=f"{name} has fallen.",
        taken_for=taken_for,
        of=of,
    )
    return document


def provisional(name: str = "Oumkessa") -> Place:
    place = make_place(name, key=f"provisional:ukraine:{fold(name)}", provisional=True)
    make_claim(place=place, document=suggest(name))
    return place


def address(name: str = "place:oumkessa", **asked: str) -> str:
    return f"{INBOX}?{urlencode({**asked, 'name': name})}"


@pytest.fixture
def editor() -> User:
    return make_user()


@pytest.fixture
def bench(client: Client, editor: User) -> Client:
    client.force_login(editor)
    return client


def test_names_are_listed_the_most_frequent_first(bench: Client) -> None:
    provisional()
    for name in ("Velm", "Velm", "VELM"):
        suggest(name)
    suggest("Ada Lund", "actor", "speaker", of="Wagner Group")
    page = read(bench, INBOX)
    assert "3 names that extraction did not know: 1 actor, 2 places" in page.text
    listed = [link for link in page.links if "name=" in link]
    assert listed == ["?name=place%3Avelm", "?name=place%3Aoumkessa", "?name=actor%3Aada+lund"]
    assert "Velm place · 3 documents Oumkessa place · 1 document · 1 claim" in page.text
    assert "a place in no gazetteer · 3 documents" in page.text
    assert "written Velm, VELM" in page.text or "written VELM, Velm" in page.text
    assert page.text.count("taken for a town") == 3


def test_one_is_shown_with_its_sentences_and_claims(bench: Client) -> None:
    provisional()
    suggest("Velm")
    response = bench.get(address())
    assert '<mark class="passage">Oumkessa</mark> has fallen.' in response.content.decode()
    page = Reader(response.content.decode())
    assert "a place in no gazetteer · 1 document · 1 claim · Russo-Ukrainian war" in page.text
    assert "Wagner Group: Oumkessa captured" in page.text


def test_filters_stand_in_the_address(bench: Client) -> None:
    provisional()
    suggest("Ada Lund", "actor", "speaker", of="Wagner Group")
    other = make_conflict("sudan", "War in Sudan", [("saf", "SAF", "#0072b2")])
    elsewhere = make_document("Nyarok has fallen.", conflict_slug=other.slug)
    suggest("Nyarok", document=elsewhere)
    assert "1 name that" in read(bench, f"{INBOX}?kind=actor").text
    assert "2 names that" in read(bench, f"{INBOX}?kind=place").text
    assert "Nyarok" in read(bench, f"{INBOX}?conflict=sudan").text
    assert "2 names that" in read(bench, f"{INBOX}?conflict=ukraine").text
    assert "Oumkessa" in read(bench, f"{INBOX}?q=OUMK").text
    assert "No name fits" in read(bench, f"{INBOX}?q=nothing").text
    kept = [link for link in read(bench, f"{INBOX}?kind=place").links if "name=" in link]
    assert kept[0].startswith("?kind=place&name=")


def test_nothing_to_do(bench: Client) -> None:
    assert "Every name is known" in read(bench, INBOX).text


def test_a_new_place_leads_to_the_next_name(bench: Client, editor: User) -> None:
    place = provisional()
    suggest("Velm")
    answer = {
        "ruling": "new", "called": "Oumkessa", "country": "UA", "then": "place:velm",
        "latitude": "48.5", "longitude": "38.1",
        "conflict": str(make_conflict().pk),
    }  # fmt: skip
    response = bench.post(address(kind="place"), answer, follow=True)
    assert response.redirect_chain == [(f"{INBOX}?kind=place&name=place%3Avelm", 302)]
    text = Reader(response.content.decode()).text
    assert "“Oumkessa”: new: Oumkessa. 1 document is read again." in text
    assert "1 document waits to be read" in text
    assert "Ruled lately Oumkessa new: Oumkessa editor" in text
    place.refresh_from_db()
    assert (place.provisional, place.latitude) == (False, 48.5)
    ruling = NameDecision.objects.get()
    assert (ruling.outcome, ruling.place, ruling.by) == ("new", place, editor)


def test_another_name_of_a_likely_one(bench: Client) -> None:
    provisional("Soledr")
    known = make_place()
    page = read(bench, address("place:soledr"))
    assert "1 Soledar spelled alike · Donetsk Oblast, Ukraine" in page.text
    bench.post(address("place:soledr"), {"ruling": "alias", "alias_of_id": str(known.pk)})
    assert PlaceName.objects.filter(place=known, name="Soledr").exists()
    assert Claim.objects.get().place == known


def test_another_name_of_one_that_is_typed(bench: Client) -> None:
    provisional()
    known = make_place()
    bench.post(address(), {"ruling": "alias", "alias_of": " солЕдар "})
    assert PlaceName.objects.filter(place=known, name="Oumkessa").exists()


def test_a_typed_name_of_several_asks_which(bench: Client) -> None:
    provisional()
    make_place()
    second = make_place(key="second", admin1="Luhansk Oblast")
    answer = {"ruling": "alias", "alias_of": "Soledar"}
    response = bench.post(address(), answer)
    assert response.status_code == 422
    page = Reader(response.content.decode())
    assert "“Soledar” may mean any of these:" in page.text
    assert "Luhansk Oblast, Ukraine" in page.text
    chosen = {"alias_of_id": str(second.pk), "alias_of_for": "Soledar"}
    bench.post(address(), answer | chosen)
    assert NameDecision.objects.get().place == second


@pytest.mark.parametrize(
    ("answer", "told", "kept"),
    [
        ({"ruling": "alias", "alias_of": "Nowhere"}, "No place that is known is called “Nowhere”.",
         'value="Nowhere"'),
        ({"ruling": "alias", "alias_of": ""}, "Type a name.", ""),
        ({"ruling": "alias", "alias_of_id": "x"}, "Type a name.", ""),
        ({"ruling": "new", "latitude": "48.5"}, "Latitude and longitude go together.",
         'value="48.5"'),
        ({"ruling": "new", "latitude": "98.5", "longitude": "1"}, "less than or equal to 90",
         'value="98.5"'),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_is_lost(
    bench: Client, answer: dict[str, str], told: str, kept: str
) -> None:
    provisional()
    response = bench.post(address(), answer)
    html = response.content.decode()
    assert response.status_code == 422
    assert told in Reader(html).text
    assert kept in html
    assert not NameDecision.objects.exists()


def test_a_provisional_one_takes_no_other_names(bench: Client) -> None:
    provisional()
    other = provisional("Velm")
    response = bench.post(address(), {"ruling": "alias", "alias_of_id": str(other.pk)})
    assert response.status_code == 422
    assert "“Velm” is not accepted itself yet" in Reader(response.content.decode()).text


def test_a_new_actor(bench: Client) -> None:
    suggest("Sumy Guard", "actor", "claimant")
    state = make_actor("Ukraine")
    side = make_conflict().sides.get(key="ukraine")
    there = address("actor:sumy guard")
    refused = bench.post(there, {"ruling": "new", "called": "Sumy Guard"})
    assert refused.status_code == 422
    answer = {
        "ruling": "new", "called": "Guard of Sumy", "actor_kind": "unit",
        "side": str(side.pk), "parent": "ukraine",
    }  # fmt: skip
    assert bench.post(there, answer).status_code == 302
    actor = Actor.objects.get(name="Guard of Sumy")
    assert (actor.slug, actor.kind, actor.official, actor.parent) == (
        "guard-of-sumy", "unit", False, state,
    )  # fmt: skip
    assert [one.side for one in actor.allegiances.all()] == [side]
    assert {one.name for one in actor.names.all()} == {"Guard of Sumy", "Sumy Guard"}


def test_a_speaker_whose_actor_the_text_told(bench: Client) -> None:
    army = make_actor("Armed Forces of Ukraine")
    suggest("Piet Amsel", "actor", "speaker", of="Armed Forces of Ukraine")
    there = address("actor:piet amsel")
    html = bench.get(there).content.decode()
    assert "taken for a speaker for Armed Forces of Ukraine" in Reader(html).text
    assert 'value="Armed Forces of Ukraine"' in html
    answer = {"ruling": "speaker", "speaker_of": "Armed Forces of Ukraine", "role": "spokesman"}
    bench.post(there, answer)
    assert [(one.names, one.role) for one in army.speakers.all()] == [(["Piet Amsel"], "spokesman")]


def test_ignored_and_asked_about_again(bench: Client) -> None:
    suggest()
    response = bench.post(address(), {"ruling": "ignore"}, follow=True)
    assert "“Oumkessa”: ignored." in Reader(response.content.decode()).text
    assert len(OpenNames()) == 0
    ruling = NameDecision.objects.get()
    response = bench.post(f"{INBOX}{ruling.pk}/undo/", follow=True)
    assert response.redirect_chain == [(address(), 302)]
    assert "Undone: “Oumkessa” is asked about again." in Reader(response.content.decode()).text
    assert len(OpenNames()) == 1
    again = bench.post(f"{INBOX}{ruling.pk}/undo/", follow=True)
    assert "This has been undone already." in Reader(again.content.decode()).text


def test_what_builds_on_a_ruling_is_undone_first(bench: Client, editor: User) -> None:
    provisional()
    suggest("Umkessa")
    ruled = naming.accept_place(name="Oumkessa", by=editor)
    place = ruled.decision.place
    assert place is not None
    naming.accept_alias(name="Umkessa", of=place, by=editor)
    response = bench.post(f"{INBOX}{ruled.decision.pk}/undo/", follow=True)
    told = "“Umkessa” has been ruled to be “Oumkessa”: undo that first."
    assert told in Reader(response.content.decode()).text


def test_a_name_that_somebody_else_ruled_on_meanwhile(bench: Client) -> None:
    suggest()
    naming.ignore(kind="place", name="Oumkessa", by=make_user("other"))
    response = bench.post(address(), {"ruling": "ignore"}, follow=True)
    assert "This name has been ruled on meanwhile." in Reader(response.content.decode()).text
    assert NameDecision.objects.count() == 1


@pytest.mark.parametrize("ruling", ["", "speaker", "king"])
def test_no_such_answer(bench: Client, ruling: str) -> None:
    suggest()
    assert bench.post(address(), {"ruling": ruling}).status_code == 404


@pytest.mark.parametrize("role", ["", "reader", "analyst"])
def test_who_may_not(client: Client, role: str) -> None:
    suggest()
    client.force_login(make_user("somebody", role=role))
    assert client.get(INBOX).status_code == 403
    assert client.post(address(), {"ruling": "ignore"}).status_code == 403
    assert not NameDecision.objects.exists()


def test_nobody_may_who_is_not_logged_in(client: Client) -> None:
    suggest()
    assert client.get(INBOX).status_code == 302
    assert client.post(address(), {"ruling": "ignore"}).status_code == 302
    assert not NameDecision.objects.exists()


def test_an_editor_rules_where_the_name_is_used(client: Client) -> None:
    provisional()
    sudan = make_conflict("sudan", "War in Sudan", [("saf", "SAF", "#0072b2")])
    client.force_login(make_user("elsewhere", conflict=sudan))
    assert client.get(INBOX).status_code == 200
    assert client.post(address(), {"ruling": "ignore"}).status_code == 403
    client.force_login(make_user("here", conflict=make_conflict()))
    there = make_place("Nyala", conflict=sudan)
    alias = {"ruling": "alias", "alias_of_id": str(there.pk)}
    assert client.post(address(), alias).status_code == 403
    assert not NameDecision.objects.exists()
    assert client.post(address(), {"ruling": "ignore"}).status_code == 302


def test_constant_queries(bench: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(3):
        provisional(f"Oumkessa {number}")
    bench.get(INBOX)
    with django_assert_num_queries(19):
        bench.get(INBOX)
    for number in range(8):
        provisional(f"Velm {number}")
        suggest("Oumkessa 0")
    with django_assert_num_queries(19):
        bench.get(INBOX)


def test_only_the_documents_concerned_are_read_again(editor: User) -> None:
    concerned = suggest()
    suggest("Velm")
    running = suggest()
    ExtractionRun.objects.filter(document=running).update(
        state="running", attempts=1, leased_until=running.published, finished_at=None
    )
    unread = make_document("Nothing has been read here.")
    naming.accept_place(name="Oumkessa", by=editor)
    waiting = ExtractionRun.objects.filter(state="waiting")
    assert {run.document for run in waiting} == {concerned, running}
    assert not ExtractionRun.objects.filter(document=unread).exists()
    # The worker that has the old names writes nothing: its row is not its own any more.
    assert waiting.get(document=running).attempts == 1


def test_the_extractor_notices_a_ruling(editor: User) -> None:
    Load.objects.create(source="a pack", digest="x")
    before = runs._names_stamp()
    assert runs._names_stamp() == before
    naming.ignore(kind="place", name="Velm", by=editor)
    assert runs._names_stamp() == before
    naming.accept_place(name="Oumkessa", by=editor)
    assert runs._names_stamp() != before


def test_loads_keep_what_was_ruled(editor: User, tmp_path: Path) -> None:
    path = tmp_path / "testland.toml"
    path.write_text(PACK, encoding="utf-8")
    load_packs(read_packs(pack_paths([path])))
    places = read_places()[:3]
    load_places(places)
    army = Actor.objects.get(slug="northern-army")
    town = Place.objects.get(key=places[0].place.key)
    naming.accept_alias(name="Norforce", of=army, by=editor)
    naming.accept_alias(name="Oumkessa", of=town, by=editor)
    naming.accept_speaker(name="Piet Amsel", of=army, by=editor)
    path.write_text(PACK.replace('"NA"', '"N.A."'), encoding="utf-8")
    assert load_packs(read_packs(pack_paths([path]))).kept == 1
    assert load_places(places).kept == 1
    assert army.names.filter(name="Norforce").exists()
    assert [one.names[0] for one in army.speakers.all()] == ["Ada Test", "Piet Amsel"]
    assert town.names.filter(name="Oumkessa").exists()


def test_the_same_name_in_another_war_is_left_alone(editor: User) -> None:
    here = provisional()
    sudan = make_conflict("sudan", "War in Sudan", [("saf", "SAF", "#0072b2")])
    there = make_place("Oumkessa", key="provisional:sudan:oumkessa", conflict=sudan,
                       provisional=True)  # fmt: skip
    make_claim(place=there)
    assert set(use_of("place", "Oumkessa").rows) == {here, there}
    naming.accept_place(name="Oumkessa", conflict=make_conflict(), by=editor)
    here.refresh_from_db()
    there.refresh_from_db()
    assert (here.provisional, there.provisional) == (False, True)
    assert there.claims.count() == 1
