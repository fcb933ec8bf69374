"""Roles are given and taken by those who manage, and somebody always is left who does."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client

from claims.access.managing import (
    close_account,
    give_role,
    invite,
    lay_down_policy,
    open_account,
    take_role,
    welcome,
)
from claims.models import Membership, ReviewPolicy
from entities.models import Conflict
from tests.factories import make_conflict, make_user

pytestmark = pytest.mark.django_db
LAST = "Somebody must be left who manages all conflicts: this is the last."


def sudan() -> Conflict:
    return make_conflict("sudan", "War in Sudan", ())


def history(user: User) -> list[tuple[str, str, int | None]]:
    """Of roles: what was done, the role, and who did it."""
    events: Any = Membership._meta.get_field("events").related_model
    return [
        (row.pgh_label, row.role, row.pgh_context.metadata.get("user"))
        for row in events.objects.filter(user_id=user.pk).order_by("pgh_id")
        if row.pgh_context
    ]


def roles(user: User) -> set[tuple[str | None, str]]:
    return set(user.memberships.values_list("conflict__slug", "role"))


def test_a_role_is_given_changed_and_taken_and_all_of_it_kept() -> None:
    chief, user = make_user("chief", role="administrator"), make_user("ann", role="")
    held = give_role(user=user, conflict=make_conflict(), role="reader", by=chief)
    give_role(user=user, conflict=make_conflict(), role="editor", by=chief)
    give_role(user=user, conflict=make_conflict(), role="editor", by=chief)
    give_role(user=user, conflict=None, role="reader", by=chief)
    assert roles(user) == {("ukraine", "editor"), (None, "reader")}
    take_role(membership=Membership.objects.get(pk=held.pk), by=chief)
    assert roles(user) == {(None, "reader")}
    assert history(user) == [
        ("insert", "reader", chief.pk),
        ("update", "editor", chief.pk),
        ("insert", "reader", chief.pk),
        ("delete", "editor", chief.pk),
    ]


def test_who_manages_one_conflict_does_so_in_it_alone() -> None:
    own, other = make_conflict(), sudan()
    chief, user = make_user("chief", role="administrator", conflict=own), make_user("ann", role="")
    elsewhere = Membership.objects.create(user=user, conflict=other, role="reader")
    give_role(user=user, conflict=own, role="administrator", by=chief)
    for conflict in (other, None):
        with pytest.raises(PermissionDenied, match="administrator"):
            give_role(user=user, conflict=conflict, role="reader", by=chief)
        with pytest.raises(PermissionDenied):
            give_role(user=chief, conflict=conflict, role="administrator", by=chief)
        with pytest.raises(PermissionDenied):
            invite(username="new", conflict=conflict, role="reader", by=chief)
        with pytest.raises(PermissionDenied):
            lay_down_policy(conflict=conflict, second_reading="all", share=1, by=chief)
    with pytest.raises(PermissionDenied):
        take_role(membership=elsewhere, by=chief)
    assert roles(user) == {("ukraine", "administrator"), ("sudan", "reader")}


@pytest.mark.parametrize("role", ["reader", "analyst", "editor", "adjudicator", ""])
def test_nobody_else_manages(role: str) -> None:
    user = make_user("ann", role=role)
    with pytest.raises(PermissionDenied):
        give_role(user=user, conflict=make_conflict(), role="administrator", by=user)
    with pytest.raises(PermissionDenied):
        close_account(user=make_user("bob"), by=user)


@pytest.mark.parametrize("role", ["", "superuser", "Editor"])
def test_only_roles_are_given(role: str) -> None:
    chief = make_user("chief", role="administrator")
    with pytest.raises(ValidationError, match="Choose a role"):
        give_role(user=make_user("ann"), conflict=None, role=role, by=chief)


WAYS_OUT: dict[str, Callable[[User], Any]] = {
    "taken": lambda user: take_role(membership=user.memberships.get(), by=user),
    "changed": lambda user: give_role(user=user, conflict=None, role="editor", by=user),
    "closed": lambda user: close_account(user=user, by=user),
}


@pytest.mark.parametrize("way", WAYS_OUT)
def test_the_last_administrator_stays(way: str) -> None:
    last = make_user("last", role="administrator")
    closed = make_user("closed", role="administrator", is_active=False)
    invite(username="invited", conflict=None, role="administrator", by=last)
    make_user("elsewhere", role="administrator", conflict=make_conflict())
    with pytest.raises(ValidationError, match=LAST):
        WAYS_OUT[way](last)
    last.refresh_from_db()
    assert (roles(last), last.is_active) == ({(None, "administrator")}, True)
    assert history(last) == []
    open_account(user=closed, by=last)
    WAYS_OUT[way](User.objects.get(pk=last.pk))


@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_remove_each_other_at_once() -> None:
    pair = [make_user(name, role="administrator") for name in ("ann", "bob")]
    together, outcomes = Barrier(2), []

    def remove(by: User, other: User) -> None:
        together.wait()
        try:
            take_role(membership=other.memberships.get(), by=by)
            outcomes.append("taken")
        except (ValidationError, PermissionDenied) as error:
            outcomes.append(type(error).__name__)
        finally:
            connection.close()

    threads = [Thread(target=remove, args=order) for order in (pair, pair[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) in (["ValidationError", "taken"], ["PermissionDenied", "taken"])
    assert Membership.objects.filter(role="administrator").count() == 1


def test_an_invited_user_has_a_role_and_no_password() -> None:
    chief = make_user("chief", role="administrator", conflict=make_conflict())
    user = invite(username="ann", conflict=make_conflict(), role="editor", by=chief)
    assert (user.has_usable_password(), user.is_staff, user.is_superuser) == (False, False, False)
    assert roles(user) == {("ukraine", "editor")}
    assert history(user) == [("insert", "editor", chief.pk)]
    for name in ("ann", "ANN", "", "a b", "a" * 151):
        with pytest.raises(ValidationError):
            invite(username=name, conflict=make_conflict(), role="editor", by=chief)


def test_a_refused_invitation_leaves_no_account() -> None:
    chief = make_user("chief", role="administrator")
    with pytest.raises(ValidationError):
        invite(username="ann", conflict=None, role="king", by=chief)
    assert not User.objects.filter(username="ann").exists()


def test_a_link_to_an_account_in_use_is_for_who_manages_everything() -> None:
    """A link is the account."""
    own = make_conflict()
    chief = make_user("chief", role="administrator")
    one = make_user("one", role="administrator", conflict=own)
    invited = invite(username="invited", conflict=own, role="editor", by=one)
    in_use = make_user("in-use", role="editor", conflict=own, is_staff=False)
    root = make_user("root", superuser=True)
    welcome(user=invited, by=one)
    welcome(user=in_use, by=chief)
    welcome(user=root, by=root)
    for user in (in_use, chief, root, one):
        with pytest.raises(PermissionDenied):
            welcome(user=user, by=one)
    with pytest.raises(PermissionDenied):
        welcome(user=root, by=chief)
    with pytest.raises(PermissionDenied):
        close_account(user=root, by=chief)
    give_role(user=invited, conflict=sudan(), role="reader", by=chief)
    with pytest.raises(PermissionDenied):
        welcome(user=User.objects.get(pk=invited.pk), by=one)


def test_a_closed_account_has_no_way_in(client: Client) -> None:
    chief, user = make_user("chief", role="administrator"), make_user("ann", role="editor")
    client.force_login(user)
    close_account(user=user, by=chief)
    assert "_auth_user_id" not in client.session or "ann" not in client.get("/").content.decode()
    user.refresh_from_db()
    for way in (
        lambda: welcome(user=user, by=chief),
        lambda: give_role(user=user, conflict=None, role="reader", by=chief),
    ):
        with pytest.raises(ValidationError, match="The account is closed: open it first"):
            way()
    open_account(user=user, by=chief)
    assert roles(user) == {(None, "editor")}
    assert list(LogEntry.objects.order_by("pk").values_list("change_message", "user")) == [
        ("Account closed.", chief.pk),
        ("Account opened.", chief.pk),
    ]


def test_policies_are_laid_down_and_kept() -> None:
    chief = make_user("chief", role="administrator", conflict=make_conflict())
    for second_reading, share in (("share", 20), ("all", 20)):
        policy = lay_down_policy(
            conflict=make_conflict(), second_reading=second_reading, share=share, by=chief
        )
    assert ReviewPolicy.objects.get() == policy
    assert (policy.second_reading, policy.share) == ("all", 20)
    events: Any = policy.events  # type: ignore[attr-defined]  # pghistory's
    assert list(events.order_by("pgh_id").values_list("second_reading", flat=True)) == [
        "share",
        "all",
    ]
    for second_reading, share in (("share", 0), ("share", 101), ("some", 10)):
        with pytest.raises(ValidationError):
            lay_down_policy(
                conflict=make_conflict(), second_reading=second_reading, share=share, by=chief
            )


def test_places_of_no_conflict_have_a_policy_of_their_own() -> None:
    chief = make_user("chief", role="administrator")
    for second_reading in ("all", "none"):
        lay_down_policy(conflict=None, second_reading=second_reading, share=10, by=chief)
    assert ReviewPolicy.objects.get(conflict=None).second_reading == "none"
