"""The pages of feeds: how each does, what it announced, and the forms by which one is added."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from claims.drawing.bars import Bars, bars
from claims.drawing.scale import Scale
from entities.models import Conflict
from sources.feeds import health
from sources.feeds.discovery import Link
from sources.feeds.health import HABIT, Days, Health, State
from sources.feeds.managing import Outcome
from sources.models import Feed, FeedItem

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

DAYS = HABIT.days  # that the bars show, today included
LATE = timedelta(minutes=10)  # after which an active feed that was due is not polled by anybody
# Each with the class that its mark has, the worst first.
STATES: dict[str, tuple[str, StrOrPromise]] = {
    State.FAILING: ("failed", _("failing")),
    State.GONE: ("failed", _("gone")),
    State.SILENT: ("silent", _("silent")),
    State.NEW: ("waiting", _("not polled yet")),
    State.FINE: ("done", _("fine")),
    State.PAUSED: ("superseded", _("paused")),
}
Items = FeedItem.State
ITEM_STATES: dict[str, tuple[str, StrOrPromise]] = {
    Items.WAITING: ("waiting", _("waits to be fetched")),
    Items.RUNNING: ("running", _("is being fetched")),
    Items.CREATED: ("done", _("became a document")),
    Items.PRESENT: ("done", _("was there already")),
    Items.FAILED: ("failed", _("failed")),
    Items.REFUSED: ("superseded", _("not wanted by robots.txt")),
}
OUTCOMES: dict[str, tuple[str, StrOrPromise]] = {
    Outcome.ADDED: ("done", _("added")),
    Outcome.PRESENT: ("superseded", _("was there already")),
    Outcome.TWICE: ("superseded", _("is in the list twice")),
    Outcome.REFUSED: ("failed", _("not added")),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A feed as it is shown. `state`: class and word; `quiet`: for how long it is unusually
    quiet, `pause`: its usual longest pause, both in words or ""; `announced`, `missed`: items of
    the days that `bars` show; `waiting`: items still to be fetched; `late`: nobody polls it."""

    feed: Feed
    kind: State
    state: tuple[str, StrOrPromise]
    error: str
    quiet: str
    pause: str
    conflict: str
    days: Days
    bars: Bars
    waiting: int
    late: bool

    @property
    def announced(self) -> int:
        return sum(self.days.announced.values())

    @property
    def missed(self) -> int:
        return sum(self.days.missed.values())

    @property
    def interval(self) -> str:
        return lasting(timedelta(seconds=self.feed.interval))


@dataclass(frozen=True, slots=True)
class ItemRow:
    """`error`: in words; `later`: before when it is not tried again; `can_retry`: it failed, and
    has an address that could be fetched."""

    item: FeedItem
    state: tuple[str, StrOrPromise]
    error: str
    later: datetime | None
    can_retry: bool


class FeedForm(forms.Form):
    """What is said of a feed. `unchecked`: to be added although its site does not answer now."""

    url = forms.CharField(
        label=_("Address"),
        max_length=2000,
        error_messages={"required": _("Give the address of a feed, or of a page that names it.")},
    )
    title = forms.CharField(label=_("Name"), max_length=300, required=False)
    publisher = forms.CharField(label=_("Publisher"), max_length=200, required=False)
    conflict = forms.ChoiceField(label=_("Conflict"), required=False)
    unchecked = forms.BooleanField(
        label=_("Add it all the same: it is polled until it answers"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        choices = [("", _("none")), *conflict_names().items()]
        self.fields["conflict"] = forms.ChoiceField(
            label=_("Conflict"), required=False, choices=choices
        )
        for name, more in (
            ("url", {"inputmode": "url", "spellcheck": "false", "placeholder": "https://"}),
            ("publisher", {"list": "publishers"}),
        ):
            self.fields[name].widget.attrs |= {"autocomplete": "off", **more}

    @classmethod
    def of(cls, feed: Feed) -> FeedForm:
        return cls(
            initial={
                "url": feed.url,
                "title": feed.title,
                "publisher": feed.publisher or "",
                "conflict": feed.conflict_slug,
            }
        )

    @property
    def said(self) -> dict[str, str]:
        """What a valid form says of the feed, besides its address."""
        return {name: self.cleaned_data[name] for name in ("title", "publisher", "conflict")}


class OpmlForm(forms.Form):
    file = forms.FileField(
        label=_("OPML file"),
        error_messages={
            "required": _("Choose a file."),
            "empty": _("Nothing is in this file."),
        },
        widget=forms.FileInput(attrs={"accept": ".opml,.xml,text/x-opml,application/xml"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


def conflict_names() -> dict[str, str]:
    """Names by short names."""
    return dict(Conflict.objects.order_by("name").values_list("slug", "name"))


def folders() -> dict[str, str]:
    """Short names of conflicts by what a folder of feeds may be called, in small letters."""
    found = {}
    for slug, name in conflict_names().items():
        found[name.casefold()] = slug
        found[slug.casefold()] = slug
    return found


def links(found: Sequence[Link]) -> list[tuple[str, str]]:
    """Address and name of each."""
    return [(link.url, link.title or link.url) for link in found]


def rows(healths: Iterable[Health], now: datetime) -> list[Row]:
    """Three queries, however many there are."""
    known = list(healths)
    scale = days_shown(now)
    ids = [one.feed.pk for one in known]
    by_day, waiting = health.days(ids, scale.first, scale.last), health.waiting(ids)
    names: Mapping[str, str] = conflict_names() if known else {}
    return [_row(one, by_day[one.feed.pk], waiting, names, scale, now) for one in known]


def days_shown(now: datetime) -> Scale:
    today = timezone.localdate(now)
    return Scale(today - timedelta(days=DAYS - 1), today)


def _row(
    one: Health,
    days: Days,
    waiting: Mapping[UUID, int],
    names: Mapping[str, str],
    scale: Scale,
    now: datetime,
) -> Row:
    feed = one.feed
    return Row(
        feed=feed,
        kind=one.state,
        state=STATES[one.state],
        error=feed.error_in_words,
        quiet=lasting(one.quiet_for) if one.quiet_for else "",
        pause=lasting(one.pause) if one.pause else "",
        conflict=names.get(feed.conflict_slug, feed.conflict_slug),
        days=days,
        bars=bars(days.announced, days.missed, scale, part=True),
        waiting=waiting.get(feed.pk, 0),
        late=feed.state == Feed.State.ACTIVE and now - feed.next_poll_at > LATE,
    )


def counted(healths: Iterable[Health]) -> list[tuple[str, StrOrPromise, int]]:
    """How many feeds are in each state, of those that any is in: name, words, number."""
    found: dict[str, int] = {}
    for one in healths:
        found[one.state] = found.get(one.state, 0) + 1
    return [(name, words, found[name]) for name, (_, words) in STATES.items() if name in found]


def worst_first(healths: Iterable[Health]) -> list[Health]:
    order = list(STATES)
    return sorted(
        healths, key=lambda one: (order.index(one.state), str(one.feed).casefold(), one.feed.url)
    )


def item_rows(items: Iterable[FeedItem]) -> list[ItemRow]:
    return [
        ItemRow(
            item,
            ITEM_STATES[item.state],
            item.error_in_words,
            item.leased_until if item.state == Items.WAITING and item.attempts else None,
            item.state in (Items.FAILED, Items.REFUSED) and bool(item.host),
        )
        for item in items
    ]


def counted_days(days: Days, scale: Scale) -> list[tuple[date, int, int]]:
    """The days on which anything was announced, the latest first, with how much, and how much of
    that was missed."""
    return [
        (day, days.announced[day], days.missed.get(day, 0))
        for day in sorted(days.announced, reverse=True)
        if scale.first <= day <= scale.last
    ]


def lasting(time: timedelta) -> str:
    """E.g. "15 minutes", "9 hours", "3 days": the largest unit of which there are two or more."""
    minutes = round(time / timedelta(minutes=1))
    if minutes < 120:
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    if minutes < 2 * 24 * 60:
        hours = minutes // 60
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    days = minutes // (24 * 60)
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}


def outcome_words(numbers: Mapping[str, int]) -> str:
    """E.g. "12 feeds were added, 3 were there already"."""
    said = {
        Outcome.ADDED: lambda n: ngettext("%(n)d feed was added", "%(n)d feeds were added", n),
        Outcome.PRESENT: lambda n: ngettext(
            "%(n)d was there already", "%(n)d were there already", n
        ),
        Outcome.TWICE: lambda n: ngettext(
            "%(n)d line names one that stands above it",
            "%(n)d lines name one that stands above them",
            n,
        ),
        Outcome.REFUSED: lambda n: ngettext("%(n)d was not added", "%(n)d were not added", n),
    }
    told = [
        words(numbers[name]) % {"n": numbers[name]}
        for name, words in said.items()
        if numbers.get(name)
    ]
    return ", ".join(told) or gettext("Nothing was in it.")
