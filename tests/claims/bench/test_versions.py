"""Outdated edits with both versions side by side, and earlier states that are brought back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client, RequestFactory

from claims.models import Claim
from claims.review.decisions import decide
from claims.views.bench.conflict import outdated
from tests.claims.bench.page import Page
from tests.factories import make_actor, make_claim, make_conflict, make_place, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> User:
    return make_user("an-editor")


@pytest.fixture
def claim() -> Claim:
    return make_claim(asserted_on=date(2023, 1, 10))


def events(claim: Claim) -> list[int]:
    rows: Any = claim.events  # type: ignore[attr-defined]
    return list(rows.order_by("pgh_id").values_list("pgh_id", flat=True))


def beside(field: str, wanted: str, now: str) -> str:
    return f"{field} What you wanted: {wanted} What it is now: {now}"


def address(claim: Claim, event: int) -> str:
    return f"/claims/{claim.pk}/history/{event}/"


class TestOutdated:
    """An editor corrected the speaker of version 1, which somebody has corrected since."""

    POSTED = {
        "kind": "correct",
        "version": "1",
        "speaker": "a <spokesman>",
        "predicate": "captured",
        "asserted_on": "2023-01-09",
        "asserted_precision": "",
        "reason": "He is named.",
        "next": "/bench/",
        "csrfmiddlewaretoken": "secret",
    }

    def shown(self, claim: Claim, editor: User, **posted: str) -> tuple[int, Page]:
        decide(
            claim=claim,
            kind="correct",
            by=make_user("other"),
            values={"predicate": "advancing", "claimant": make_actor("Russia")},
            reason="Not taken yet.",
        )
        request = RequestFactory().post("/bench/decide/?q=1", {**self.POSTED, **posted})
        request.user = editor
        answer = outdated(request, Claim.objects.get(), request.POST)
        return answer.status_code, Page(answer.content.decode())

    def test_both_versions_stand_side_by_side(self, claim: Claim, editor: User) -> None:
        status, page = self.shown(claim, editor)
        assert status == 409
        assert (
            "other · Not taken yet. · state: corrected, claimant: Russia, predicate: advancing"
            in page.text
        )
        for row in (
            beside("state", "corrected was pending", "corrected was pending"),
            beside("claimant differs", "Wagner Group", "Russia was Wagner Group"),
            beside("speaker differs", "a <spokesman>", "empty"),
            beside("predicate differs", "captured", "advancing was captured"),
            beside("said on differs", "9 January 2023 was 10 January 2023", "10 January 2023"),
            beside("said on, precise to", "the day", "the day"),
            beside("town", "Soledar", "Soledar"),
        ):
            assert row in page.text

    def test_mine_can_be_sent_again_with_all_that_was_typed(
        self, claim: Claim, editor: User
    ) -> None:
        _, page = self.shown(claim, editor)
        form = page.form("Take mine")
        assert form.action == "/bench/decide/?q=1"
        assert {name: value for name, value in form.fields if name != "csrfmiddlewaretoken"} == {
            **{name: value for name, value in self.POSTED.items() if name != "csrfmiddlewaretoken"},
            "version": "2",
        }
        assert "/bench/" in page.links

    def test_what_cannot_be_done_any_more_is_said(self, claim: Claim, editor: User) -> None:
        _, page = self.shown(claim, editor, kind="accept")
        assert "Take mine" not in page.text
        assert "Yours cannot be taken any more: the claim is corrected now." in page.text

    @pytest.mark.parametrize("next_", ["https://elsewhere.example/", "//elsewhere.example", ""])
    def test_theirs_leads_to_this_site_alone(self, claim: Claim, editor: User, next_: str) -> None:
        _, page = self.shown(claim, editor, next=next_)
        (keep,) = [link for link in page.anchors if link.text == "Keep theirs"]
        assert keep.href == claim.get_absolute_url()

    @pytest.mark.parametrize("version", ["", "0", "x", "99999999999999999999"])
    def test_a_version_that_makes_no_sense(self, claim: Claim, editor: User, version: str) -> None:
        assert self.shown(claim, editor, version=version)[0] == 409


class TestEarlierStates:
    def test_readers_see_each_whole_but_restore_none(
        self, client: Client, claim: Claim, editor: User
    ) -> None:
        decide(claim=claim, kind="correct", by=editor, values={"place": make_place("Bakhmut")})
        first, last = events(claim)
        page = Page(client.get(address(claim, first)).content.decode())
        assert "town differs Then: Soledar Now: Bakhmut" in page.text
        assert "speaker Then: empty Now: empty" in page.text
        assert "Found by extraction test." in page.text
        assert "an-editor" not in page.text
        assert "Bring this state back" not in page.text
        assert "differs" not in Page(client.get(address(claim, last)).content.decode()).text
        claims_page = Page(client.get(claim.get_absolute_url()).content.decode())
        assert {address(claim, first), address(claim, last)} <= set(claims_page.links)
        assert client.post(address(claim, first), {"version": "2"}).status_code in (302, 403)

    def test_an_editor_brings_one_back(self, client: Client, claim: Claim, editor: User) -> None:
        decide(claim=claim, kind="correct", by=editor, values={"speaker": "X"}, reason="Named.")
        decide(claim=claim, kind="reject", by=editor, because="date")
        client.force_login(editor)
        _, corrected, _ = events(claim)
        page = Page(client.get(address(claim, corrected)).content.decode())
        assert "an-editor: Named." in page.text
        assert "state differs Then: corrected Now: rejected" in page.text
        form = page.form("Bring this state back")
        fields = {**dict(form.fields), "reason": "It was right."}
        answer = client.post(address(claim, corrected), fields)
        assert (answer.status_code, answer["Location"]) == (302, claim.get_absolute_url())
        claim.refresh_from_db()
        decision = claim.decisions.last()
        assert decision is not None
        assert (claim.state, claim.speaker, decision.kind, decision.reason, decision.changes) == (
            "corrected",
            "X",
            "restore",
            "It was right.",
            {"state": ["rejected", "corrected"]},
        )

    def test_an_outdated_restore_is_refused(
        self, client: Client, claim: Claim, editor: User
    ) -> None:
        decide(claim=claim, kind="accept", by=editor)
        decide(claim=claim, kind="unverifiable", by=make_user("other"))
        client.force_login(editor)
        answer = client.post(address(claim, events(claim)[0]), {"version": "2", "kind": "restore"})
        assert answer.status_code == 409
        text = Page(answer.content.decode()).text
        assert beside("state differs", "pending was accepted", "unverifiable was accepted") in text
        claim.refresh_from_db()
        assert claim.state == "unverifiable"

    def test_editors_of_another_conflict_may_not(self, client: Client, claim: Claim) -> None:
        decide(claim=claim, kind="accept", by=make_user())
        sudan = make_conflict("sudan", "Sudan", sides=[])
        client.force_login(make_user("of-sudan", conflict=sudan))
        state = address(claim, events(claim)[0])
        assert client.post(state, {"version": "2"}).status_code == 403
        assert "Bring this state back" not in client.get(state).content.decode()

    def test_what_the_text_does_not_hold_is_not_brought_back(
        self, client: Client, claim: Claim, editor: User
    ) -> None:
        claim.state = Claim.State.SUPERSEDED
        claim.save()
        claim.state = Claim.State.PENDING
        claim.save()
        client.force_login(editor)
        state = address(claim, events(claim)[1])
        assert "cannot be brought back" in client.get(state).content.decode()
        client.post(state, {"version": "3"})
        claim.refresh_from_db()
        assert (claim.state, claim.decisions.count()) == ("pending", 0)

    def test_a_state_that_is_not_the_claims(self, client: Client, claim: Claim) -> None:
        other = make_claim(place="Bakhmut")
        assert client.get(address(claim, events(other)[0])).status_code == 404
