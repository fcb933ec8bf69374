"""Keys: made, known again, exchanged, revoked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from claims.access import keys
from claims.access.managing import close_account, open_account
from claims.models import ApiKey, Membership
from tests.factories import make_conflict, make_user

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def editor() -> User:
    return make_user()


def made(by: User, name: str = "nightly", **fields: Any) -> tuple[ApiKey, str]:
    return keys.make(by=by, name=name, **{"scopes": ["read"], **fields})


def events(key: ApiKey) -> list[tuple[str, Any]]:
    """The history of a key: what was done, by whom."""
    found = key.events.order_by("pgh_id")  # type: ignore[attr-defined]  # pghistory's
    return [(one.pgh_label, one.pgh_context.metadata["user"]) for one in found]


def test_a_key_is_256_bits_of_which_a_digest_is_kept(editor: User) -> None:
    row, key = made(editor)
    assert key.startswith("cck_")
    assert len(key) == len("cck_") + 43  # 43 characters of 6 bits each
    assert row.prefix == key[:12]
    assert made(editor, "another")[1] != key
    for table in ("claims_apikey", "claims_apikeyevent"):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT string_agg(t::text, ' ') FROM {table} t")
            kept = cursor.fetchone()[0]
        assert key[12:] not in kept
        assert (row.digest in kept) is (table == "claims_apikey")
    assert keys.authenticate(key) == row


@pytest.mark.parametrize(
    ("role", "useful"),
    [
        ("", []),
        ("reader", ["read"]),
        ("analyst", ["read", "export"]),
        ("editor", ["read", "export", "write"]),
    ],
)
def test_scopes_are_those_that_roles_make_use_of(role: str, useful: list[str]) -> None:
    user = make_user("somebody", role=role, conflict=make_conflict() if role else None)
    assert keys.scopes_for(user) == useful
    if not useful:
        with pytest.raises(PermissionDenied, match="reader"):
            made(user)
        return
    assert made(user, scopes=useful[::-1])[0].scopes == useful
    for scope in {"read", "export", "write", "everything"} - set(useful):
        with pytest.raises(ValidationError, match="make no use"):
            made(user, "another", scopes=[*useful, scope])
    with pytest.raises(ValidationError, match="what the key is for"):
        made(user, "another", scopes=[])


def test_a_name_is_of_one_working_key(editor: User) -> None:
    row, _ = made(editor)
    with pytest.raises(ValidationError, match="has this name"):
        made(editor)
    made(make_user("another"))
    keys.revoke(key=row, by=editor)
    made(editor)


def test_a_user_has_so_many_working_keys(editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "MOST", 2)
    made(editor, "one")
    made(editor, "two")
    with pytest.raises(ValidationError, match="You have 2 keys"):
        made(editor, "three")
    ApiKey.objects.filter(name="one").update(expires_at=timezone.now())
    made(editor, "three")


def test_an_end_is_in_the_future(editor: User) -> None:
    with pytest.raises(ValidationError, match="has passed"):
        made(editor, expires_at=timezone.now())
    assert not ApiKey.objects.exists()


def refusal(key: str) -> str:
    with pytest.raises(keys.Refused) as refused:
        keys.authenticate(key)
    assert key[12:] not in str(refused.value)
    return str(refused.value)


def test_what_opens_nothing(editor: User) -> None:
    row, key = made(editor)
    for wrong in (key[:-1], key + "x", key.lower(), row.digest, row.prefix, ""):
        with pytest.raises(keys.Unknown, match="is not known"):
            keys.authenticate(wrong)
    ApiKey.objects.update(expires_at=datetime(2023, 1, 11, 18, tzinfo=UTC))
    assert refusal(key) == "This key expired at 2023-01-11T18:00:00Z."
    ApiKey.objects.update(revoked_at=datetime(2023, 1, 12, 18, tzinfo=UTC))
    assert refusal(key) == "This key was revoked at 2023-01-12T18:00:00Z."


def test_keys_of_a_closed_account_are_dead_until_it_is_opened(editor: User) -> None:
    chief = make_user("chief", role="administrator")
    _, key = made(editor)
    close_account(user=editor, by=chief)
    assert refusal(key) == "The account that this key is of is closed."
    open_account(user=editor, by=chief)
    keys.authenticate(key)


def test_use_is_noted_once_a_minute(editor: User, django_assert_num_queries: Any) -> None:
    row, key = made(editor)
    with django_assert_num_queries(2):
        keys.authenticate(key)
    with django_assert_num_queries(1):
        keys.authenticate(key)
    row.refresh_from_db()
    assert row.last_used_at is not None
    assert (row.last_used_at.second, row.last_used_at.microsecond) == (0, 0)
    assert timedelta() <= timezone.now() - row.last_used_at < timedelta(minutes=2)
    ApiKey.objects.update(last_used_at=row.last_used_at - timedelta(minutes=1))
    with django_assert_num_queries(2):
        keys.authenticate(key)
    assert events(row) == [("insert", editor.pk)]  # use is no change


@pytest.mark.parametrize("overlap", ["day", "week"])
def test_a_rotated_key_works_on_until_the_overlap_ends(editor: User, overlap: str) -> None:
    ends = timezone.now() + 90 * DAY
    old, key = made(editor, expires_at=ends, scopes=["read", "write"], rate=7)
    new, other = keys.rotate(key=old, by=editor, overlap=keys.OVERLAPS[overlap])
    old.refresh_from_db()
    assert other != key
    assert {keys.authenticate(one) for one in (key, other)} == {old, new}
    assert old.expires_at is not None
    assert abs(old.expires_at - timezone.now() - keys.OVERLAPS[overlap]) < timedelta(minutes=1)
    assert (new.name, new.scopes, new.rate, new.rotates) == ("nightly", ["read", "write"], 7, old)
    assert new.expires_at is not None
    assert abs(new.expires_at - ends) < timedelta(minutes=1)
    assert events(old) == [("insert", editor.pk), ("update", editor.pk)]
    with pytest.raises(ValidationError, match="already"):
        keys.rotate(key=old, by=editor, overlap=DAY)
    assert keys.rotate(key=new, by=editor, overlap=DAY)[0].rotates == new


def test_an_overlap_lengthens_no_life(editor: User) -> None:
    ends = timezone.now() + timedelta(hours=1)
    old, _ = made(editor, expires_at=ends)
    keys.rotate(key=old, by=editor, overlap=7 * DAY)
    old.refresh_from_db()
    assert old.expires_at == ends


def test_without_an_overlap_the_old_key_is_revoked(editor: User) -> None:
    old, key = made(editor)
    new, _ = keys.rotate(key=old, by=editor, overlap=timedelta())
    assert refusal(key).startswith("This key was revoked")
    assert new.expires_at is None
    with pytest.raises(ValidationError, match="works no more"):
        keys.rotate(key=old, by=editor, overlap=DAY)


def test_keys_of_others_are_for_who_manages_everything(editor: User) -> None:
    row, key = made(editor)
    local = make_user("local", role="administrator", conflict=make_conflict())
    chief = make_user("chief", role="administrator")
    for somebody in (make_user("another"), local, chief):
        with pytest.raises(PermissionDenied):
            keys.rotate(key=row, by=somebody, overlap=DAY)
    for somebody in (make_user("another"), local):
        with pytest.raises(PermissionDenied):
            keys.revoke(key=row, by=somebody)
        with pytest.raises(PermissionDenied):
            keys.set_rate(key=row, rate=10, by=somebody)
    keys.set_rate(key=row, rate=10, by=chief)
    keys.revoke(key=row, by=chief)
    keys.revoke(key=row, by=editor)
    assert refusal(key).startswith("This key was revoked")
    assert events(row) == [("insert", editor.pk), ("update", chief.pk), ("update", chief.pk)]
    for rate in (0, -1, keys.MOST_RATE + 1):
        with pytest.raises(ValidationError, match="From 1 to"):
            keys.set_rate(key=row, rate=rate, by=chief)


def test_one_revokes_ones_own_without_a_role(editor: User) -> None:
    row, key = made(editor)
    Membership.objects.all().delete()
    user = User.objects.get(pk=editor.pk)
    keys.revoke(key=row, by=user)
    assert refusal(key).startswith("This key was revoked")


def test_a_key_from_the_command_line(editor: User) -> None:
    out, err = StringIO(), StringIO()
    call_command(
        *("make_key", "editor", "nightly", "--scope", "read", "--scope", "write"),
        *("--days", "30", "--rate", "5"),
        stdout=out,
        stderr=err,
    )
    row = keys.authenticate(out.getvalue().removesuffix("\n"))
    assert (row.user, row.scopes, row.rate) == (editor, ["read", "write"], 5)
    assert row.expires_at is not None
    assert abs(row.expires_at - timezone.now() - 30 * DAY) < timedelta(minutes=1)
    told = f"{row.prefix}… (nightly): read, write; 5 requests a minute; expires 20"
    assert err.getvalue().startswith(told)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("nobody", "a"), "Nobody with an open account is called nobody"),
        (("roleless", "a"), "roleless has no role"),
        (("editor", "nightly"), "has this name"),
        (("editor", "a", "--days", "0"), "has passed"),
        (("editor", "a", "--days", "99999999"), "too large"),
        (("editor", "a", "--rate", "0"), "api_key_rate_allows_some"),
        (("editor", "a", "--scope", "all"), "invalid choice: 'all'"),
    ],
)
def test_wrong_command_lines(editor: User, arguments: tuple[str, ...], told: str) -> None:
    make_user("roleless", role="")
    made(editor)
    with pytest.raises(CommandError, match=told):
        call_command("make_key", *arguments)
    assert ApiKey.objects.count() == 1
