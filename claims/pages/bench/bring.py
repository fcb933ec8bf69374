"""The page on which texts are brought in, and the page of what became of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext, gettext_noop, ngettext

from claims.access.roles import allowed_conflicts
from claims.intake import may_bring
from claims.models import ExtractionRun
from claims.pages.bench.bring_forms import CompleteForm, Conflicts
from claims.pages.document import document_list
from claims.pages.wording import RUN_STATES
from entities.models import Conflict
from sources.models import BulkImport, Document, Intake, IntakeItem, Publisher

MOST_PUBLISHERS = 500  # that are offered while a name is typed
LATEST = 10  # intakes that are listed; and large files
BOOKMARKLET = (
    "javascript:(()=>{const s=String(getSelection()),"
    "q=new URLSearchParams({url:location.href,title:document.title});"
    "if(s)q.set('text',s);"
    # Servers refuse longer addresses.
    "if(String(q).length>6000){q.delete('text');q.set('cut','1')}"
    "open('%s?'+q)})()"
)
# What readers of formats say, who know no translations: named here to be translated.
REASONS = (
    gettext_noop("no text in it"),
    gettext_noop("no article text found in the page"),
    gettext_noop("not text: it holds NUL bytes"),
    gettext_noop("not a JSON object"),
    gettext_noop("page larger than 20 MB"),
    gettext_noop("nested too deeply to be read"),
    gettext_noop("not JSON that can be read: nested too deeply"),
    gettext_noop("a PDF that only opens with a password"),
    gettext_noop("no PDF that can be read"),
    gettext_noop("no text in it: a PDF of pictures is not read"),
    gettext_noop("more than 1,000 pages"),
    gettext_noop("no e-mail that can be read"),
    gettext_noop("no text in the e-mail"),
    gettext_noop("an e-mail of more than 200 parts"),
    gettext_noop("e-mails in e-mails, deeper than is read"),
)
State = IntakeItem.State
Run = ExtractionRun.State


def publisher_names() -> list[str]:
    return list(Publisher.objects.values_list("name", flat=True)[:MOST_PUBLISHERS])


def bookmarklet(address: str) -> str:
    """A link that opens the page at `address` with what the reader's browser shows."""
    return BOOKMARKLET % address


def may_see(user: User, intake: Intake) -> bool:
    return intake.by_id == user.pk or may_bring(user, intake.conflict_slug)


def latest_intakes(user: User) -> list[tuple[Intake, str]]:
    """What was brought in lately where `user` brings texts in, with what became of it."""
    allowed = allowed_conflicts(user, "bring_in")
    found = Intake.objects.select_related("by")
    if not allowed.everywhere:
        slugs = Conflict.objects.filter(allowed.within("pk")).values("slug")
        found = found.filter(Q(by=user) | Q(conflict_slug__in=slugs))
    latest = list(found[:LATEST])
    states = IntakeItem.objects.filter(intake__in=latest).values_list("intake", "state")
    numbers: dict[object, dict[str, int]] = {}
    for intake, state, number in states.annotate(n=Count("id")).order_by():
        numbers.setdefault(intake, {})[state] = number
    return [(intake, summary(numbers.get(intake.pk, {}))) for intake in latest]


def large_files() -> QuerySet[BulkImport]:
    """The large files that `manage.py ingest` took in lately, or takes in."""
    return BulkImport.objects.select_related("by")[:LATEST]


def numbers_of(intake: Intake) -> dict[str, int]:
    """Of an intake's items, by state."""
    states = intake.items.order_by().values_list("state")
    return dict(states.annotate(n=Count("id")))


def summary(numbers: Mapping[str, int]) -> str:
    """Numbers of items, by state, in words: "2 became documents, 1 was there already"."""
    said = {
        State.CREATED: lambda n: ngettext("%(n)s became a document", "%(n)s became documents", n),
        State.PRESENT: lambda n: ngettext("%(n)s was there already", "%(n)s were there already", n),
        State.INCOMPLETE: lambda n: ngettext(
            "%(n)s needs to be completed", "%(n)s need to be completed", n
        ),
        State.FAILED: lambda n: ngettext("%(n)s was not taken", "%(n)s were not taken", n),
        State.WAITING: lambda n: ngettext("%(n)s is on its way", "%(n)s are on their way", n),
    }
    waiting = numbers.get(State.WAITING, 0) + numbers.get(State.RUNNING, 0)
    shown = {**numbers, State.WAITING: waiting}
    told = [(words, shown.get(state, 0)) for state, words in said.items()]
    return ", ".join(words(n) % {"n": n} for words, n in told if n)


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item as it is shown: how far it is in words, with the class of its mark, and what is
    said besides. `settled`: it changes no more by itself."""

    item: IntakeItem
    document: Document | None
    mark: str
    words: str
    besides: str
    settled: bool
    form: CompleteForm | None = None

    @property
    def stamp(self) -> str:
        """Another one whenever the row looks otherwise."""
        claims = getattr(self.document, "live_claims", "")
        return f"{self.item.state} {self.words} {self.besides} {claims}"


def item_rows(
    items: Sequence[IntakeItem],
    conflicts: Conflicts,
    asked: Mapping[int, CompleteForm] | None = None,
) -> list[ItemRow]:
    """Rows of items; `asked` has the forms, by number, that came back with errors."""
    ids = {item.document_id for item in items if item.document_id}
    documents = document_list({"q": "", "state": ""}).filter(pk__in=ids).defer("text")
    found: dict[UUID | None, Document] = {one.pk: one for one in documents} if ids else {}
    return [_row(item, found.get(item.document_id), conflicts, asked or {}) for item in items]


def _row(
    item: IntakeItem,
    document: Document | None,
    conflicts: Conflicts,
    asked: Mapping[int, CompleteForm],
) -> ItemRow:
    if document is not None:
        mark, words, besides = _extraction(document)
        if item.state == State.PRESENT:
            besides = " ".join(filter(None, (gettext("It was there already."), besides)))
        return ItemRow(item, document, mark, words, besides, mark not in (Run.WAITING, Run.RUNNING))
    error, settled = item.error_in_words, item.state not in IntakeItem.OPEN
    if item.state == State.INCOMPLETE:
        form = asked.get(item.number) or CompleteForm(item=item, conflicts=conflicts)
        return ItemRow(item, None, "pending", lacks(item), error, settled, form)
    if item.state == State.WAITING and error:
        error = gettext("%(error)s It is tried again soon.") % {"error": error}
    words = {
        (State.WAITING, True): gettext("waits to be fetched"),
        (State.WAITING, False): gettext("waits to be read"),
        (State.RUNNING, True): gettext("being fetched"),
        (State.RUNNING, False): gettext("being read"),
    }.get((State(item.state), bool(item.address)), gettext("not taken"))
    return ItemRow(item, None, item.state, words, error, settled)


def _extraction(document: Document) -> tuple[str, str, str]:
    """How far a document of `document_list` is: mark, words, and what is said besides."""
    run, error, skipped = (
        getattr(document, name) or "" for name in ("run_state", "run_error", "run_skipped")
    )
    if skipped:
        return "superseded", str(RUN_STATES["set aside"]), skipped
    run = run or Run.WAITING
    words = {
        Run.WAITING: gettext("document made; waits to be read for claims"),
        Run.RUNNING: gettext("document made; being read for claims"),
        Run.DONE: gettext("read for claims"),
        Run.FAILED: gettext("document made; reading it for claims failed"),
    }
    return run, words[Run(run)], error


def lacks(item: IntakeItem) -> str:
    """What has to be said of an incomplete text."""
    if item.error:
        return gettext("needs another conflict")
    if not item.publisher and not item.published:
        return gettext("needs its publisher and its time")
    return gettext("needs its time") if item.publisher else gettext("needs its publisher")
