"""The feeds that are polled: added, listed, and taken in and out as OPML."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from claims.access.roles import require
from claims.pages import sources as pages
from sources.feeds import managing, opml
from sources.feeds.discovery import Looked, look
from sources.feeds.health import State, health
from sources.feeds.politeness import NotYet
from sources.fetch import FetchError
from sources.models import Feed


class Command(BaseCommand):
    help = (
        "Feeds that are polled (docs/sources.md). What is added is polled by a worker at once, or "
        "by `manage.py poll_feeds`."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        add = actions.add_parser(
            "add", help="Ask an address, and add the feed there or the one that its page names."
        )
        add.add_argument("url", help="The address of a feed or of a page.")
        add.add_argument("--title", default="", help="Its name (as it calls itself).")
        add.add_argument("--publisher", default="", help="Whose its articles are (as pages say).")
        add.add_argument("--conflict", default="", help="The conflict's short name (none).")
        add.add_argument("--unchecked", action="store_true", help="Do not ask its site now.")
        list_ = actions.add_parser("list", help="How each does, those with something wrong first.")
        list_.add_argument("--state", choices=list(State), help="Only those in this state.")
        import_ = actions.add_parser("import_opml", help="Add the feeds of an OPML file.")
        import_.add_argument("file", type=Path, help="The file; - for standard input.")
        export = actions.add_parser("export_opml", help="Write all feeds as OPML.")
        export.add_argument(
            "file", type=Path, nargs="?", default=Path("-"), help="The file (standard output)."
        )
        for one in (add, import_):
            one.add_argument("--by", required=True, help="The name of the administrator.")

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, f"_{options['action']}")(options)

    def _add(self, options: dict[str, Any]) -> None:
        by, conflict = _administrator(options["by"]), options["conflict"]
        if conflict and conflict not in pages.conflict_names():
            raise CommandError(f"No conflict has the short name {conflict}")
        said = {"publisher": options["publisher"], "conflict": conflict, "title": options["title"]}
        url = options["url"]
        try:
            if not options["unchecked"]:
                found = self._look(url)
                said["title"] = said["title"] or found.contents.title
                said["kind"], url = found.contents.kind, found.url
            feed = managing.add(by=by, url=url, **said)
        except (FetchError, NotYet) as error:
            raise CommandError(f"{url}: {error}") from None
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        self.stdout.write(f"added: {feed}\t{feed.url}")

    def _look(self, url: str) -> Looked:
        """Raises FetchError, NotYet, and CommandError where there are several."""
        found = look(url.strip())
        if isinstance(found, Looked):
            return found
        for link in found:
            self.stderr.write(f"{link.url}\t{link.title}")
        raise CommandError("The page names several feeds (above): give the address of one")

    def _list(self, options: dict[str, Any]) -> None:
        now = timezone.now()
        found = pages.worst_first(health(Feed.objects.select_related("publisher"), now))
        wanted = options["state"]
        rows = pages.rows([one for one in found if wanted in (None, one.state)], now)
        for row in rows:
            feed = row.feed
            success = f"{feed.succeeded_at:%Y-%m-%dT%H:%M:%SZ}" if feed.succeeded_at else "never"
            quiet = f"nothing new for {row.quiet}" if row.quiet else ""
            late = "no worker has polled it" if row.late else ""
            why = "; ".join(filter(None, (row.error, quiet, late)))
            numbers = f"{row.announced} announced, {row.missed} missed, {row.waiting} waiting"
            self.stdout.write(
                "\t".join((row.kind, feed.url, str(feed), success, numbers, why)).rstrip()
            )
        counts = Counter(str(row.kind) for row in rows)
        told = ", ".join(f"{number} {state}" for state, number in counts.items())
        self.stderr.write(
            f"{len(rows)} feeds; numbers of {pages.DAYS} days" + (f": {told}" * bool(told))
        )

    def _import_opml(self, options: dict[str, Any]) -> None:
        by, file = _administrator(options["by"]), options["file"]
        try:
            with _input(file) as source:
                outlines = opml.read(source.read(opml.MOST_BYTES + 1))
        except (OSError, opml.OpmlError) as error:
            raise CommandError(f"{file}: {error}") from None
        found = managing.import_outlines(outlines=outlines, conflicts=pages.folders(), by=by)
        for one in found:
            conflict = one.feed.conflict_slug if one.feed else ""
            line = (one.outcome, one.outline.url, one.outline.title, conflict, one.reason)
            self.stdout.write("\t".join(line).rstrip())
        refused = sum(one.outcome == managing.Outcome.REFUSED for one in found)
        if refused:
            raise CommandError(f"{refused} of {len(found)} were not added (named above)")

    def _export_opml(self, options: dict[str, Any]) -> None:
        feeds = Feed.objects.order_by("conflict_slug", "title", "url")
        written = opml.write(
            feeds, title="Feeds", at=timezone.now(), folders=pages.conflict_names()
        )
        if options["file"] == Path("-"):
            self.stdout.write(written.decode(), ending="")
            return
        try:
            options["file"].write_bytes(written)
        except OSError as error:
            raise CommandError(str(error)) from None


def _input(file: Path) -> Any:
    return sys.stdin.buffer if file == Path("-") else file.open("rb")


def _administrator(name: str) -> User:
    try:
        return require(User.objects.get(username=name, is_active=True), "manage")
    except User.DoesNotExist:
        raise CommandError(f"Nobody with an open account is called {name}") from None
    except PermissionDenied as error:
        raise CommandError(f"{name}: {error}") from None
