"""What owners of webhooks do with them, and administrators with all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from claims.access.roles import allowed_conflicts, refusal, require_somewhere
from claims.feed import last_number, numbered
from claims.models import Delivery, Webhook
from claims.webhooks.events import test_body
from claims.webhooks.filters import checked
from claims.webhooks.making import disable
from claims.webhooks.signing import new_secret
from sources.fetch import FetchError, check

MOST = 20  # webhooks of one owner
OVERLAP = timedelta(days=1)  # for which a secret that was changed signs besides
PAUSED = gettext_noop("Somebody has paused it.")
GIVEN_UP = gettext_noop("Given up when the webhook was resumed from then on.")
State = Delivery.State


def webhooks_of(user: User | AnonymousUser) -> QuerySet[Webhook]:
    """Those that the user sees: his own, or, who manages everything, all."""
    if not isinstance(user, User):
        return Webhook.objects.none()
    if allowed_conflicts(user, "manage").everywhere:
        return Webhook.objects.all()
    return Webhook.objects.filter(owner=user)


def add(*, name: str, url: str, what: Sequence[str], query: str, by: User) -> Webhook:
    """A webhook that is told of what changes from now on. Raises PermissionDenied, and
    ValidationError by field. Not to be called in a transaction."""
    require_somewhere(by, "export")
    kinds = [kind for kind in Webhook.What.values if kind in what]
    webhook = Webhook(owner=by, name=name.strip(), what=kinds, secret=new_secret())
    wrong: dict[str, list[str]] = {}
    try:
        webhook.url = checked_url(url)
    except ValidationError as error:
        wrong["url"] = error.messages
    try:
        webhook.query = checked(query, kinds)
    except ValidationError as error:
        wrong["query"] = error.messages
    try:
        webhook.clean_fields(exclude=["url", "owner"])
    except ValidationError as error:
        wrong |= error.message_dict
    if wrong:
        raise ValidationError(wrong)
    numbered()  # what was changed by now comes before it
    return _save(webhook, by)


@transaction.atomic
def _save(webhook: Webhook, by: User) -> Webhook:
    # One after the other, so that nobody has more than that by asking twice at once.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    if Webhook.objects.filter(owner=by).count() >= MOST:
        message = gettext("You have %(n)d webhooks, which is as many as there may be.")
        raise ValidationError({"name": [message % {"n": MOST}]})
    webhook.change = last_number()
    webhook.save()
    return webhook


def checked_url(url: str) -> str:
    """The address as it is kept: https, and such as the guarded fetcher asks. Raises
    ValidationError."""
    try:
        at = check(url)
    except FetchError as error:
        raise ValidationError(gettext(error.said) % error.values) from None
    if at.scheme != "https" and not at.allowed:
        raise ValidationError(
            gettext("The address must begin with https://: what is sent is for its reader alone.")
        )
    return at.url


def pause(*, webhook: Webhook, by: User) -> None:
    """Send nothing until it is resumed. Raises PermissionDenied, as all that follow."""
    _require(webhook, by)
    disable([webhook.pk], PAUSED)


def resume(*, webhook: Webhook, by: User, from_now: bool = False) -> None:
    """Tell it of what changed in between as well, or, `from_now`, only of what changes next:
    what waits is then given up, too. Not to be called in a transaction."""
    _require(webhook, by)
    if from_now:
        numbered()  # what was changed by now comes before it
    _resume(webhook, from_now)


@transaction.atomic
def _resume(webhook: Webhook, from_now: bool) -> None:
    off = Webhook.objects.select_for_update().filter(pk=webhook.pk)
    off.update(disabled_at=None, disabled_because="", failing_since=None)
    open_ = webhook.deliveries.filter(state=State.WAITING)
    if from_now:
        off.update(change=last_number())
        open_.update(state=State.FAILED, leased_until=None, error=GIVEN_UP, error_values={})
    else:
        open_.update(leased_until=None)


@transaction.atomic
def change_secret(*, webhook: Webhook, by: User) -> str:
    """A new secret, which is shown once. For a day the one before signs as well."""
    _require(webhook, by)
    held = Webhook.objects.select_for_update().get(pk=webhook.pk)
    held.old_secret, held.secret = held.secret, new_secret()
    held.old_secret_until = timezone.now() + OVERLAP
    held.save(update_fields=["secret", "old_secret", "old_secret_until"])
    return held.secret


def remove(*, webhook: Webhook, by: User) -> None:
    """Delete it, with its deliveries."""
    _require(webhook, by)
    webhook.delete()


def send_test(*, webhook: Webhook, by: User) -> Delivery:
    """A delivery of no change, for the next worker. Raises ValidationError where it is off."""
    _require_on(webhook, by)
    made = Delivery(webhook=webhook)
    made.body = test_body(made.pk)
    made.save()
    return made


def replay(*, delivery: Delivery, by: User) -> None:
    """Send it once more, or sooner than it would be, with the id that it had. Raises
    ValidationError where the webhook is off, or it is being sent at this moment."""
    _require_on(delivery.webhook, by)
    rows = Delivery.objects.filter(pk=delivery.pk)
    if not rows.exclude(state=State.RUNNING).update(**_AGAIN):
        raise ValidationError(gettext("It is being sent at this moment."))


def replay_failed(*, webhook: Webhook, since: date, by: User) -> int:
    """Send once more all that were made on this day (UTC) or later, and failed for good. Returns
    how many. Raises ValidationError where the webhook is off."""
    _require_on(webhook, by)
    start = datetime.combine(since, time(), UTC)
    failed = webhook.deliveries.filter(state=State.FAILED, created_at__gte=start)
    return failed.update(**_AGAIN)


_AGAIN = {"state": State.WAITING, "attempts": 0, "leased_until": None}


def _require(webhook: Webhook, by: User) -> None:
    require_somewhere(by, "export")
    if webhook.owner_id != by.pk and not allowed_conflicts(by, "manage").everywhere:
        raise PermissionDenied(refusal("manage"))


def _require_on(webhook: Webhook, by: User) -> None:
    _require(webhook, by)
    if webhook.disabled_at is not None:
        raise ValidationError(gettext("It is switched off: resume it first."))
