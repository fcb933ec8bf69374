"""What lists are built of as text: the same as by templates, and what came from outside escaped."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest
from django.forms import BaseForm
from django.forms.renderers import DjangoTemplates
from django.http import QueryDict
from django.test import Client
from django.utils import translation

from claims.derive import derive
from claims.listed_claims import listed
from claims.models import Claim
from claims.pages.claim_list import BOXES, FIRST, MORE, ClaimListForm, LabelledForm
from claims.pages.field_markup import boxes, field
from claims.pages.forms import DocumentsForm, HomeForm, MapForm, TownForm
from claims.pages.list_markup import town_address
from claims.pages.range_forms import ChangesForm
from tests.factories import (
    PASSWORD,
    make_actor,
    make_claim,
    make_conflict,
    make_document,
    make_place,
    make_user,
)
from tests.reading import read
from tests.scenes import soledar

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>\"'&"
ACCEPTED = Claim.State.ACCEPTED
ASKED = (
    "q=%3Cb%3E%22%27%26&conflict=ukraine&status=nothing&on=12.1.&sort=name&town=&stance=asserts"
    "&stance=denies&document=7&confidence_from=2&no_longer_found=true&extent=part&from=2023-01-11"
)


def _without_space(html: str) -> str:
    return re.sub(r"\s+<", "<", html)


def _forms(asked: str) -> list[BaseForm]:
    given = QueryDict(asked)
    return [
        LabelledForm(given),
        ClaimListForm(given),
        HomeForm(given),
        MapForm(given),
        ChangesForm(given),
        TownForm(given, sides={"ukraine": "Ukraine & <others>"}),
        DocumentsForm(given),
    ]


@pytest.mark.parametrize("asked", ["", ASKED])
def test_fields_are_as_django_makes_them(asked: str) -> None:
    make_conflict(name="War <of> 'names' & \"signs\"")
    built, by_templates = _forms(asked), _forms(asked)
    for ours, django in zip(built, by_templates, strict=True):
        django.renderer = DjangoTemplates()
        for shown, expected in zip(ours, django, strict=True):
            assert _without_space(str(shown)) == _without_space(str(expected))
            assert shown.label_tag() == expected.label_tag()
            boxes = zip(shown.subwidgets, expected.subwidgets, strict=True)
            for box, wanted in boxes:
                assert _without_space(str(box.tag())) == _without_space(str(wanted.tag()))


@pytest.mark.parametrize("asked", ["", ASKED, "predicate=captured&predicate=nothing&town=Nowhere"])
@pytest.mark.parametrize("language", ["en-gb", "uk"])
def test_the_list_of_claims_shows_all_fields_whatever_is_asked(asked: str, language: str) -> None:
    make_conflict()
    with translation.override(language):
        form, whole = ClaimListForm(QueryDict(asked)), LabelledForm(QueryDict(asked))
        of_the_database = {"conflict", "side", "subject_side"}
        for names, shown in ((FIRST, form.first()), (MORE, form.more())):
            for name, html in zip(names, shown, strict=True):
                if name not in of_the_database and name != "order":
                    assert html == field(whole[name])
        assert form.boxes() == [boxes(whole[name]) for name in BOXES]
        assert form.errors.keys() == whole.errors.keys()


def test_what_is_wrong_with_a_field_stands_beside_it() -> None:
    form = HomeForm(QueryDict("on=12.1."))
    html = field(form["on"])
    assert html.startswith('<p class="field wrong"><label for="id_on">On</label> <input ')
    assert html.endswith('<span class="error" id="id_on_error">Enter a valid date.</span></p>')


def test_listed_claims_are_called_as_claims_are() -> None:
    soledar()
    own = make_claim("fighting", claimant=None)
    part = make_claim(extent="part", part_words="the <east>", part_label="east", subject="Ukraine")
    found = listed(Claim.objects.values_list("id", flat=True))
    assert {own.id, part.id} < found.keys()
    for claim in Claim.objects.all():
        row = found[claim.id]
        assert row.label == claim.label
        assert row.get_absolute_url() == claim.get_absolute_url()
        assert town_address(row.town_slug, row.town_short_id) == claim.place.get_absolute_url()


def test_a_listed_claim_has_the_day_in_its_publishers_offset() -> None:
    document = make_document(published_offset=8 * 60)  # published at 18:00 UTC
    claim = make_claim(document=document)
    assert listed([claim.id])[claim.id].published_on == date(2023, 1, 12)


@pytest.mark.parametrize("address", ["/", "/claims/", "/changes/?from=2023-01-01&to=2023-12-31"])
def test_hostile_names_stay_text(client: Client, address: str) -> None:
    place = make_place(HOSTILE, admin1=HOSTILE, conflict=make_conflict())
    actor = make_actor(HOSTILE, side="russia", official=False, conflict=make_conflict())
    document = make_document(publisher=HOSTILE)
    make_claim(place=place, claimant=actor, document=document, speaker=HOSTILE, state=ACCEPTED)
    derive([place.id])
    html = client.get(address).content.decode()
    assert "<script>alert" not in html
    assert HOSTILE in unescape(html)


def test_the_list_of_claims_shows_two_passages_shortened(client: Client) -> None:
    words = "word " * 60
    claim = make_claim(document=make_document(f"{words}end. Second one. Third one."))
    for quote in ("Second one.", "Third one."):
        start = claim.document.text.index(quote)
        claim.evidence.create(start=start, end=start + len(quote), quote=quote)
    text = read(client, "/claims/").text
    first = f"“{words.strip()} end.”"[:239].rstrip()
    assert f"{first}…“Second one.”" in text.replace("… ", "…")
    assert "Third one." not in text


def test_keys_of_the_bench_are_told_to_who_decides(client: Client) -> None:
    assert "accept, and on to the next claim" not in read(client, "/keys/").text
    make_user()
    client.login(username="editor", password=PASSWORD)
    assert "accept, and on to the next claim" in read(client, "/keys/").text
    client.logout()
    assert "accept, and on to the next claim" not in read(client, "/keys/").text
