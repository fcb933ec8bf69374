"""Pages of work that goes on look again by themselves."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from claims.models import Export
from tests.browser.test_looks import logged_in
from tests.factories import make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_export_is_told_as_it_goes_on_and_keeps_the_focus(
    visit: Callable[..., Page], live_server: LiveServer
) -> None:
    by = make_user("analyst", role="analyst")
    export = Export.objects.create(by=by, table="claims", format="csv")
    page = visit("/exports/", storage_state=logged_in(by, live_server.url))
    row = page.get_by_role("listitem").filter(has=page.get_by_role("heading", level=3))
    expect(row).to_contain_text("waiting for a worker")
    row.get_by_role("button", name="Cancel").focus()
    rows = Export.objects.filter(pk=export.pk)
    rows.update(state="running", rows_done=12, rows_in_all=48, leased_until=timezone.now())
    expect(row.get_by_role("progressbar")).to_have_attribute("max", "48")
    expect(row.get_by_role("button", name="Cancel")).to_be_focused()
    expect(page.locator("[data-told]")).to_have_text("Claims CSV: being made")
    rows.update(state="failed", error="The disk is full.", leased_until=None)
    expect(row).to_contain_text("The disk is full.")
    expect(row.get_by_role("button", name="Try again")).to_be_focused()
    # Nothing goes on any more, so nothing is asked for.
    expect(page.locator("[data-told]")).to_contain_text("failed")
