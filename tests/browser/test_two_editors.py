"""Two editors in two browsers work one queue off at the same time."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import pytest
from playwright.sync_api import BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from claims.models import Claim, Decision, QueuedClaim
from tests.browser.test_bench import log_in, make_claims
from tests.factories import make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CLAIMS = 20
PATIENCE = 20_000  # milliseconds
# Ready to be decided on: the claim that is shown; "" once nothing is left.
SHOWN = """before => {
  const here = document.querySelector("[data-bench]");
  if (!here) return location.pathname.endsWith("/done/") && "nothing left";
  return here.dataset.ready !== undefined && here.dataset.claim !== before && here.dataset.claim;
}"""


def test_no_claim_is_handed_to_both_and_none_is_left(
    contexts: Callable[..., BrowserContext], live_server: LiveServer
) -> None:
    claims = {str(claim.pk) for claim in make_claims(CLAIMS)}
    pages: list[Page] = []
    for name in ("one", "two"):
        context = contexts()
        log_in(context, make_user(name), live_server.url)
        pages.append(context.new_page())
        pages[-1].goto("/bench/next/")
    at = ["", ""]
    handed: list[str] = []
    for turn in count():
        which = turn % 2
        if at[which] != "nothing left":
            found = pages[which].wait_for_function(SHOWN, arg=at[which], timeout=PATIENCE)
            at[which] = found.json_value()
            if at[which] != "nothing left":
                assert at[0] != at[1]
                handed.append(at[which])
                pages[which].keyboard.press("a")
        elif at[1 - which] == "nothing left":
            break
    for page in pages:
        page.goto("/keys/", wait_until="networkidle")
    assert sorted(handed) == sorted(claims)
    assert Decision.objects.count() == CLAIMS
    assert {by for (by,) in Decision.objects.values_list("by__username")} == {"one", "two"}
    assert set(Claim.objects.values_list("state", "version")) == {("accepted", 2)}
    assert not QueuedClaim.objects.exists()
