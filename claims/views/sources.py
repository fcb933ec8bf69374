"""The pages of the feeds that are polled, for administrators."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from math import ceil
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims.access.roles import require
from claims.pages import sources as pages
from claims.pages.bench.bring import publisher_names
from claims.views.paging import page_of
from sources.feeds import managing, opml
from sources.feeds.discovery import Link, Looked, look
from sources.feeds.health import health
from sources.feeds.politeness import NotYet
from sources.fetch import FetchError
from sources.models import Feed, FeedItem


@never_cache
@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    """All feeds with how they do, those with something wrong first."""
    require(request.user, "manage")
    now = timezone.now()
    words, state = request.GET.get("q", "").strip(), request.GET.get("state", "")
    found = health(Feed.objects.select_related("publisher"), now)
    if words:
        found = [one for one in found if words.casefold() in _looked_through(one.feed)]
    chosen = [one for one in found if one.state == state] if state in pages.STATES else found
    page = page_of(request, pages.worst_first(chosen))
    context = {
        "page": page,
        "rows": pages.rows(page, now),
        "any": bool(found) or bool(words),
        "in_all": len(found),
        "states": pages.counted(found),
        "state": state,
        "q": words,
        "days": pages.days_shown(now),
    }
    return render(request, "sources/sources.html", context)


def _looked_through(feed: Feed) -> str:
    return f"{feed.title} {feed.url} {feed.publisher or ''} {feed.conflict_slug}".casefold()


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Add a feed: it is asked at once, and where a page stands at the address, the feed is the one
    that the page names."""
    by = require(request.user, "manage")
    form = pages.FeedForm(request.POST if request.method == "POST" else None)
    choices: tuple[Link, ...] = ()
    offered = False
    if request.method == "POST" and form.is_valid():
        url = form.cleaned_data["url"]
        try:
            found = None if form.cleaned_data["unchecked"] else look(url.strip())
            if found is None or isinstance(found, Looked):
                return _added(request, form, url, found, by)
            choices = found
        except (FetchError, NotYet) as error:
            form.add_error("url", _in_words(error))
            offered = isinstance(error, NotYet) or error.passing
        except ValidationError as error:
            form.add_error(None, error)
    context = {
        "form": form,
        "choices": pages.links(choices),
        "offered": offered or form["unchecked"].value(),
        "publishers": publisher_names(),
    }
    return render(request, "sources/add.html", context, status=422 if form.errors else 200)


def _added(
    request: HttpRequest, form: pages.FeedForm, url: str, found: Looked | None, by: User
) -> HttpResponse:
    """Raises ValidationError."""
    said = form.said
    if found is None:
        feed = managing.add(by=by, url=url, **said)
        told = gettext("Added without a look at it: its first poll says how it does.")
    else:
        contents = found.contents
        said["title"] = said["title"] or contents.title
        feed = managing.add(by=by, url=found.url, kind=contents.kind, **said)
        count = len(contents.announced)
        told = ngettext(
            "Added: it has %(n)d article now, which is fetched once a worker has polled it.",
            "Added: it has %(n)d articles now, which are fetched once a worker has polled it.",
            count,
        ) % {"n": count}
    messages.success(request, told)
    return redirect(feed)


def _in_words(error: FetchError | NotYet) -> str:
    if isinstance(error, NotYet):
        seconds = max(ceil((error.until - timezone.now()).total_seconds()), 1)
        return ngettext(
            "The site was asked a moment ago, and is left alone for %(n)d second: try again then.",
            "The site was asked a moment ago, and is left alone for %(n)d seconds: try again then.",
            seconds,
        ) % {"n": seconds}
    return gettext(error.said) % error.values


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def source(request: HttpRequest, id: UUID) -> HttpResponse:
    """A feed with what it announced; posting does something with it (`do`)."""
    by = require(request.user, "manage")
    feed = get_object_or_404(Feed.objects.select_related("publisher", "added_by"), pk=id)
    if request.method != "POST":
        return _page(request, feed)
    do = request.POST.get("do", "")
    if do == "remove":
        managing.remove(feed=feed, by=by)
        messages.success(request, gettext("Removed: %(name)s") % {"name": feed})
        return redirect("sources")
    if do not in DO:
        raise Http404
    _say(request, lambda: DO[do](feed, by))
    return redirect(feed)


def _page(request: HttpRequest, feed: Feed) -> HttpResponse:
    now = timezone.now()
    [row] = pages.rows(health([feed], now), now)
    state = request.GET.get("state", "")
    items = feed.items.select_related("document__publisher").defer("document__text")
    if state in pages.ITEM_STATES:
        items = items.filter(state=state)
    page = page_of(request, items.order_by("-id"))
    scale = pages.days_shown(now)
    context = {
        "row": row,
        "feed": feed,
        "page": page,
        "items": pages.item_rows(page),
        "state": state,
        "states": [(name, words) for name, (_, words) in pages.ITEM_STATES.items()],
        "days": scale,
        "counted_days": pages.counted_days(row.days, scale),
        "can_retry": feed.items.filter(state=FeedItem.State.FAILED).exclude(host="").exists(),
    }
    return render(request, "sources/source.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, id: UUID) -> HttpResponse:
    by = require(request.user, "manage")
    feed = get_object_or_404(Feed.objects.select_related("publisher"), pk=id)
    form = pages.FeedForm(request.POST) if request.method == "POST" else pages.FeedForm.of(feed)
    if request.method == "POST" and form.is_valid():
        try:
            edited = managing.edit(feed=feed, by=by, url=form.cleaned_data["url"], **form.said)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, gettext("Changed."))
            return redirect(edited)
    context = {"form": form, "feed": feed, "publishers": publisher_names()}
    return render(request, "sources/edit.html", context, status=422 if form.errors else 200)


@require_POST
def item_again(request: HttpRequest, id: int) -> HttpResponse:
    """Fetch an item once more."""
    by = require(request.user, "manage")
    item = get_object_or_404(FeedItem.objects.select_related("feed"), pk=id)

    def again() -> str:
        managing.try_again(item=item, by=by)
        return gettext("It is fetched once more, when its site’s turn comes.")

    _say(request, again)
    return redirect(item.feed)


@never_cache
@require_safe
def export_opml(request: HttpRequest) -> HttpResponse:
    """All feeds as an OPML file."""
    require(request.user, "manage")
    written = opml.write(
        Feed.objects.order_by("conflict_slug", "title", "url"),
        title=gettext("Feeds of %(host)s") % {"host": request.get_host()},
        at=timezone.now(),
        folders=pages.conflict_names(),
    )
    headers = {"Content-Disposition": 'attachment; filename="feeds.opml"'}
    return HttpResponse(written, content_type="text/x-opml; charset=utf-8", headers=headers)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def import_opml(request: HttpRequest) -> HttpResponse:
    """Add the feeds of an OPML file; the answer says what became of each."""
    by = require(request.user, "manage")
    if request.method != "POST":
        return render(request, "sources/import.html", {"form": pages.OpmlForm()})
    form = pages.OpmlForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            outlines = opml.read(form.cleaned_data["file"].read(opml.MOST_BYTES + 1))
        except opml.OpmlError as error:
            form.add_error("file", gettext(error.said) % error.values)
        else:
            found = managing.import_outlines(outlines=outlines, conflicts=pages.folders(), by=by)
            numbers = Counter(str(one.outcome) for one in found)
            context = {
                "found": [(one, pages.OUTCOMES[one.outcome]) for one in found],
                "summary": pages.outcome_words(numbers),
            }
            return render(request, "sources/imported.html", context)
    return render(request, "sources/import.html", {"form": form}, status=422)


def _say(request: HttpRequest, do: Callable[[], str]) -> None:
    try:
        messages.success(request, do())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))


def _poll(feed: Feed, by: User) -> str:
    managing.poll_now(feed=feed, by=by)
    return gettext("A worker polls it within half a minute: look again then.")


def _pause(feed: Feed, by: User) -> str:
    managing.pause(feed=feed, by=by)
    return gettext("Paused: it is polled no more until it is resumed.")


def _resume(feed: Feed, by: User) -> str:
    managing.resume(feed=feed, by=by)
    return gettext("Resumed: it is polled at once.")


def _try_all_again(feed: Feed, by: User) -> str:
    count = managing.try_all_again(feed=feed, by=by)
    return ngettext(
        "%(n)d item that failed is fetched once more.",
        "%(n)d items that failed are fetched once more.",
        count,
    ) % {"n": count}


DO: dict[str, Callable[[Feed, User], str]] = {
    "poll": _poll,
    "pause": _pause,
    "resume": _resume,
    "try-all-again": _try_all_again,
}
