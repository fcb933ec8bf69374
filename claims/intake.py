"""What is brought in by editors and scripts, from a pasted text to an address, and what becomes
of it.

Each text is an `IntakeItem`, whose row is the job: what is typed or sent is stored at once, what
has to be fetched or read is done by a worker, which takes the row by a conditional UPDATE. A
killed worker's row comes back when its lease ends. What a text lacks is asked for, and the item
waits: nothing that was brought is lost.
"""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import zip_longest
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from claims.access.roles import may, refusal, require_somewhere
from entities.models import Conflict
from sources import articles, evidence, ingest
from sources.adapters import READERS, Defaults, Incomplete, RawDocument, Unreadable
from sources.adapters.raw import build, parse_time
from sources.fetch import FetchError, fetch
from sources.models import Intake, IntakeItem, Snapshot
from sources.reading import LIMITS, read_file, read_page

logger = logging.getLogger(__name__)

State, Way = IntakeItem.State, Intake.Way
SECONDS = 110  # after which a worker is stopped, whatever it does
LEASE = timedelta(seconds=SECONDS + 10)
ATTEMPTS = 3
RETRY = timedelta(seconds=30)  # before the second attempt; twice as long before the third
BATCH = 100  # messages that one sweep sends
MOST_DOCUMENTS = 2000  # of one file: more are for `manage.py ingest`

GAVE_UP = gettext_noop("Given up: each attempt at it was cut off.")
TOO_MANY = gettext_noop(
    "More than %(most)d documents are in it: `manage.py ingest` takes in so many."
)
NOTHING = gettext_noop("Nothing is in it.")
KIND = gettext_noop("Files of this kind are not read; those that are end in %(kinds)s.")
CONFLICT = gettext_noop(
    "You may not bring texts into the conflict “%(slug)s”, or there is none such."
)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came: its name is the sender's."""

    name: str
    content: bytes


def may_bring(user: User, slug: str) -> bool:
    """Whether `user` may bring texts into the conflict of that short name ("": into none)."""
    if not slug:
        return may(user, "bring_in")
    conflict = Conflict.objects.filter(slug=slug).first()
    return conflict is not None and may(user, "bring_in", conflict)


@transaction.atomic
def bring_text(*, by: User, about: Defaults, text: str, title: str = "", url: str = "") -> Intake:
    """A text that somebody pasted; it is stored at once. Raises ValidationError where nothing
    can come of it."""
    found = build("", about, text=text, title=title, url=url)
    if not isinstance(found, RawDocument | Incomplete):
        raise ValidationError({"text": found.reason})
    intake = _intake(by, Way.PASTED, about)
    item = IntakeItem.objects.create(**_fields(found), intake=intake, number=1)
    _settle(item, by)
    return intake


@transaction.atomic
def bring_documents(
    *, by: User, documents: Sequence[RawDocument], files: Sequence[Snapshot | None] = ()
) -> Intake:
    """Documents that a script sent, complete; they are stored at once. `files` are what they were
    read from, where they were."""
    intake = _intake(by, Way.API, Defaults())
    for number, (document, file) in enumerate(zip_longest(documents, files), 1):
        item = IntakeItem.objects.create(
            **_fields(document), intake=intake, number=number, snapshot=file
        )
        _settle(item, by)
    return intake


@transaction.atomic
def bring_files(*, by: User, about: Defaults, files: Sequence[Upload]) -> Intake:
    """Files, to be read by a worker."""
    intake = _intake(by, Way.FILES, about)
    for number, file in enumerate(files, 1):
        IntakeItem.objects.create(
            intake=intake, number=number, name=_file_name(file.name), upload=file.content
        )
    transaction.on_commit(ingest.wake)
    return intake


@transaction.atomic
def bring_address(*, by: User, about: Defaults, address: str, title: str = "") -> Intake:
    """An article's address, to be fetched by a worker. `title` stands where the page has none."""
    intake = _intake(by, Way.ADDRESS, about)
    IntakeItem.objects.create(
        intake=intake, number=1, address=address[:2000], url=address[:2000], title=title[:500]
    )
    transaction.on_commit(ingest.wake)
    return intake


@transaction.atomic
def complete(*, item: IntakeItem, by: User, about: Defaults, title: str = "") -> IntakeItem:
    """Say what a text lacks; what is said goes before what the text itself says. Raises
    PermissionDenied where `by` may not bring texts into the conflict, ValidationError where
    somebody else was quicker."""
    _require(by, about.conflict)
    row = IntakeItem.objects.select_for_update().get(pk=item.pk)
    if row.state != State.INCOMPLETE:
        raise ValidationError(gettext("Somebody else has completed this text in the meantime."))
    row.publisher = about.publisher or row.publisher
    row.published = _iso(about.published) or row.published
    row.title = title or row.title
    row.conflict_slug = about.conflict
    _settle(row, by)
    return row


@transaction.atomic
def complete_all(*, intake: Intake, by: User, about: Defaults) -> int:
    """Say what incomplete texts lack, for all of an intake: what they say themselves stays. They
    are stored by a worker. Returns how many they are; raises as `complete`."""
    _require(by, about.conflict)
    rows = list(intake.items.select_for_update().filter(state=State.INCOMPLETE))
    for row in rows:
        row.publisher = row.publisher or about.publisher
        row.published = row.published or _iso(about.published)
        row.conflict_slug = about.conflict
        row.state, row.attempts, row.leased_until = State.WAITING, 0, None
        row.error, row.error_values = "", {}
    fields = ("publisher", "published", "conflict_slug", "state", "attempts", "leased_until")
    IntakeItem.objects.bulk_update(rows, (*fields, "error", "error_values"), batch_size=500)
    transaction.on_commit(ingest.wake)
    return len(rows)


@transaction.atomic
def try_again(*, item: IntakeItem, by: User) -> None:
    """Fetch an address once more that could not be fetched."""
    _require(by, item.intake.conflict_slug)
    IntakeItem.objects.filter(pk=item.pk, state=State.FAILED).exclude(address="").update(
        state=State.WAITING, attempts=0, error="", error_values={}, leased_until=None
    )
    transaction.on_commit(ingest.wake)


def due(limit: int = BATCH) -> list[int]:
    """Ids of items that wait or whose worker is gone, the oldest first, put off until the sweep
    after next so that they are not announced again and again."""
    now = timezone.now()
    with transaction.atomic():
        ids = list(
            IntakeItem.objects.select_for_update(skip_locked=True)
            .filter(_open(now))
            .filter(Q(leased_until__isnull=True) | Q(leased_until__lte=now))
            .order_by("id")
            .values_list("id", flat=True)[:limit]
        )
        IntakeItem.objects.filter(id__in=ids, state=State.WAITING).update(
            leased_until=now + timedelta(seconds=2 * settings.SWEEP_INTERVAL)
        )
    return ids


def take_in(item_id: int) -> None:
    """Fetch or read an item and store what it holds; all of a file that holds several."""
    item = _take(item_id)
    if item is None:
        return
    if item.attempts > ATTEMPTS:
        _fail(item, GAVE_UP)
        return
    others: list[int] = []
    if not item.text:
        if not item.address and PurePath(item.name).suffix.lower() not in READERS:
            _fail(item, KIND, kinds=", ".join(sorted(READERS)))
            return
        try:
            found = _read(item)
        except FetchError as error:
            _not_fetched(item, error)
            return
        except OSError:
            logger.exception("What was received for item %s is not kept", item.id)
            _not_fetched(item, FetchError(evidence.NOT_KEPT, passing=True))
            return
        if not found:
            _fail(item, NOTHING)
            return
        if len(found) > MOST_DOCUMENTS:
            _fail(item, TOO_MANY, most=MOST_DOCUMENTS)
            return
        others = _spread(item, found)
    with transaction.atomic():
        if row := _ours(item).select_for_update().first():
            _settle(row, item.intake.by)
    for other in others:
        take_in(other)


def _take(item_id: int) -> IntakeItem | None:
    """The item, leased to the caller; None where another has it or it is settled."""
    now = timezone.now()
    taken = IntakeItem.objects.filter(_open(now), id=item_id).update(
        state=State.RUNNING, attempts=F("attempts") + 1, leased_until=now + LEASE
    )
    if not taken:
        return None
    return IntakeItem.objects.select_related("intake__by").get(id=item_id)


def _open(now: datetime) -> Q:
    return Q(state=State.WAITING) | Q(state=State.RUNNING, leased_until__lte=now)


def _ours(item: IntakeItem) -> QuerySet[IntakeItem]:
    """The item's row, if nobody else has taken it since."""
    return IntakeItem.objects.filter(id=item.id, state=State.RUNNING, attempts=item.attempts)


def _read(item: IntakeItem) -> list[RawDocument | Unreadable]:
    """What stands at the item's address or in its file, which is kept as it came before it is
    read. Raises FetchError, and OSError where it cannot be kept."""
    about = item.intake
    defaults = Defaults(
        about.publisher,
        parse_time(about.published) if about.published else None,
        about.conflict_slug,
        title=item.title,
        fetched=timezone.now(),
    )
    limits = replace(LIMITS, most=MOST_DOCUMENTS + 1)
    if item.address:
        page = fetch(item.address)
        item.snapshot = evidence.keep(page)
        found = read_page(page, defaults, limits=limits)
        return [replace(one, where=item.name) for one in found]
    content = bytes(item.upload or b"")
    item.snapshot = evidence.keep_upload(item.name, content)
    return read_file(item.name, content, defaults, limits=limits)


def _spread(item: IntakeItem, found: Sequence[RawDocument | Unreadable]) -> list[int]:
    """Write down what was read: the first of it in the item's own row, the others in new ones.
    Returns the ids of those others that are to be stored."""
    first, *rest = found
    with transaction.atomic():
        if not _ours(item).select_for_update().exists():
            return []
        own = _read_fields(first)
        own["title"] = own.get("title") or item.title
        own |= {"snapshot": item.snapshot, "upload": None}
        _ours(item).update(**{"state": State.RUNNING, **own})
        last = item.intake.items.aggregate(last=Max("number"))["last"]
        made = IntakeItem.objects.bulk_create(
            IntakeItem(
                intake=item.intake, number=number, snapshot=item.snapshot, **_read_fields(one)
            )
            for number, one in enumerate(rest, last + 1)
        )
    return [one.id for one in made if one.state == State.WAITING]


def _read_fields(found: RawDocument | Unreadable) -> dict[str, Any]:
    if isinstance(found, RawDocument | Incomplete):
        return {"name": found.where[:300], **_fields(found)}
    return {"name": found.where[:300], "state": State.FAILED, "error": found.reason}


def _fields(found: RawDocument | Incomplete) -> dict[str, Any]:
    return {
        "text": found.text,
        "title": found.title,
        "publisher": found.publisher,
        "published": _iso(found.published),
        "conflict_slug": found.conflict,
        "url": found.url,
        "external_id": found.external_id,
        "retold": found.retold,
        "author": found.author,
        "canonical": found.canonical,
        "published_from": found.published_from,
        "published_confidence": found.published_confidence,
    }


def _settle(row: IntakeItem, by: User) -> None:
    """Make a document of a locked item's text, or say what that needs."""
    found = build(
        row.name,
        Defaults(),
        text=row.text,
        publisher=row.publisher,
        published=parse_time(row.published) if row.published else None,
        conflict=row.conflict_slug,
        title=row.title,
        url=row.url,
        external_id=row.external_id,
        retold=row.retold,
        author=row.author,
        canonical=row.canonical,
        published_from=row.published_from,
        published_confidence=row.published_confidence,
    )
    row.leased_until, row.error, row.error_values = None, "", {}
    if not may_bring(by, row.conflict_slug):
        row.state = State.INCOMPLETE
        row.error, row.error_values = CONFLICT, {"slug": row.conflict_slug}
    elif isinstance(found, RawDocument):
        ingested = _store(found, row.snapshot)
        row.state = State.CREATED if ingested.created else State.PRESENT
        row.document, row.text = ingested.document, ""
        if ingested.document.withdrawn_at is not None:  # of it, no words stay
            row.title = row.author = ""
    elif isinstance(found, Incomplete):
        row.state = State.INCOMPLETE
    else:
        row.state, row.error = State.FAILED, found.reason
    row.save()
    if row.document is not None and row.document.withdrawn_at is not None:
        evidence.withdraw_bytes(row.document)


def _store(found: RawDocument, received: Snapshot | None) -> ingest.Ingested:
    """What was read at an address is its article's; what was in a file is a document by itself."""
    if received is not None and received.way == Snapshot.Way.FETCHED:
        return articles.record(found, snapshot=received, url=received.address)
    return ingest.ingest(found)


def _not_fetched(item: IntakeItem, error: FetchError) -> None:
    """Try again later what may be otherwise then."""
    if not error.passing or item.attempts >= ATTEMPTS:
        _fail(item, error.said, **error.values)
        return
    wait = RETRY * 2 ** (item.attempts - 1)
    logger.warning("Item %s waits %.0f s: %s", item.id, wait.total_seconds(), error)
    _ours(item).update(
        state=State.WAITING,
        error=error.said,
        error_values=error.values,
        leased_until=timezone.now() + wait,
    )


def _fail(item: IntakeItem, error: str, **values: object) -> None:
    _ours(item).update(
        state=State.FAILED,
        error=error,
        error_values=values,
        leased_until=None,
        upload=None,
        snapshot=item.snapshot,
    )


def _intake(by: User, way: str, about: Defaults) -> Intake:
    """Raises PermissionDenied where `by` may not bring texts into the conflict."""
    if way == Way.API:  # whose documents name theirs each
        require_somewhere(by, "bring_in")
    else:
        _require(by, about.conflict)
    return Intake.objects.create(
        way=way,
        by=by,
        publisher=about.publisher,
        published=_iso(about.published),
        conflict_slug=about.conflict,
    )


def _require(by: User, slug: str) -> None:
    if not may_bring(by, slug):
        raise PermissionDenied(gettext(CONFLICT) % {"slug": slug} if slug else refusal("bring_in"))


def _iso(time: datetime | None) -> str:
    return time.isoformat() if time else ""


def _file_name(sent: str) -> str:
    """The name that a browser gave to a file: its last part, with characters that show."""
    name = PurePath(sent.replace("\\", "/")).name
    shown = "".join(char for char in name if unicodedata.category(char)[0] != "C")
    return shown[-200:] or "?"
