"""A database as it stood at the first landing and at the latest comes forward with its data, and
is read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pgtrigger
import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from claims import feed
from claims.models import Change, Claim, Decision, StatusInterval
from claims.review.decisions import decide
from tests.factories import make_user
from tests.migrations import states
from tests.migrations.shown import shown

LANDED = sorted(states.states(), key=lambda state: len(state.files))
# Who comes from one in between takes a part of the oldest's way.
TRIED = [LANDED[0], LANDED[-1]]


@pytest.fixture(scope="module", params=TRIED, ids=[state.name for state in TRIED])
def state(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[states.State]:
    """A landed state with its rows, migrated to the present."""
    landed: states.State = request.param
    with django_db_blocker.unblock(), states.empty_database():
        states.migrate_to(landed)
        states.load(landed.rows())
        call_command("migrate", verbosity=0)
        yield landed


def test_there_is_a_landed_state() -> None:
    assert "first-light" in [state.name for state in LANDED]


@pytest.mark.parametrize("landed", LANDED, ids=[state.name for state in LANDED])
def test_a_landed_migration_stays_as_it_is(landed: states.State) -> None:
    """What has run in somebody's database is changed by another migration after it."""
    assert landed.files.items() <= states.migration_files().items()


def test_no_row_is_lost(state: states.State) -> None:
    assert states.counts(states.dump()) == states.counts(state.rows())


def test_the_feed_tells_all_that_was_there(state: states.State) -> None:
    """Whoever reads the feed from its beginning ends with every claim and every status."""
    feed.numbered()  # as whoever reads does: what was last written may have waited for it
    numbered = Change.objects.filter(number__isnull=False)
    # Without an event only its passages changed, and it stands as before.
    claims = numbered.filter(what="claim", event__isnull=False).order_by("-number")
    latest = {change.claim: change.event for change in reversed(claims)}
    history: Any = Claim._meta.get_field("events").related_model
    states_of_each = history.objects.order_by("pgh_id").values_list("pgh_obj_id", "pgh_id")
    assert latest == dict(states_of_each)
    assert set(latest) == set(Claim.objects.values_list("pk", flat=True))
    statuses = numbered.filter(what="status", action="added")
    assert statuses.count() == StatusInterval.objects.count()
    assert [change.number for change in numbered] == [*range(1, numbered.count() + 1)]
    times = [change.at for change in numbered if change.at]
    assert times == sorted(times)
    assert len(times) == numbered.count()


def test_the_application_reads_it_as_before(state: states.State) -> None:
    assert shown() == state.shows


def test_pages_and_api_show_it(state: states.State) -> None:
    client = Client()
    for claim in Claim.objects.live().select_related("place", "document"):
        page = client.get(claim.place.get_absolute_url()).content.decode()
        assert f'id="claim-{claim.id}"' in page
        assert client.get(claim.document.get_absolute_url()).status_code == 200
    listed = client.get("/api/v1/claims/").json()["results"]
    assert {claim["id"] for claim in listed} == {str(claim.id) for claim in Claim.objects.live()}


def test_every_constraint_is_there(state: states.State) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint UNION SELECT indexname FROM pg_indexes")
        found = {name for (name,) in cursor.fetchall()}
    wanted = {
        rule.name
        for app in states.APPS
        for model in apps.get_app_config(app).get_models()
        for rule in (*model._meta.constraints, *model._meta.indexes)
    }
    assert wanted - found == set()


def test_every_trigger_is_there_and_up_to_date(state: states.State) -> None:
    found = {
        f"{model._meta.label}: {trigger.name}": trigger.get_installation_status(model)
        for model, trigger in pgtrigger.registered()
    }
    assert found == dict.fromkeys(found, ("INSTALLED", True))


def test_history_goes_on(state: states.State) -> None:
    """Written after migrating: a decision adds to the claim's history, and stays as it was."""
    with transaction.atomic():
        claim = Claim.objects.filter(state=Claim.State.PENDING).latest("id")
        before = len(_history(claim))
        decision = decide(claim=claim, kind="accept", by=make_user("another"))
        assert len(_history(claim)) == before + 1
        with pytest.raises(ProgrammingError, match="Cannot"), transaction.atomic():
            Decision.objects.filter(pk=decision.pk).update(reason="another")
        transaction.set_rollback(True)


def _history(claim: Claim) -> list[str]:
    return next(row for row in shown()["claims"] if row["id"] == str(claim.id))["history"]
