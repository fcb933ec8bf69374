"""What sites' robots.txt say (RFC 9309), which is asked for once a day and kept with the host, for
all workers."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from http import HTTPStatus

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop
from protego import Protego

from sources.fetch import FetchError, Limits, fetch
from sources.models import Host
from sources.targets import Target

AGENT = "ConflictClaims"  # whose rules are looked for, else those for all
KEPT = timedelta(days=1)
AGAIN = timedelta(minutes=10)  # after no answer, or none that counts
MOST = 500_000  # characters that are read of one: what RFC 9309 asks for
LIMITS = Limits(seconds=10, body_bytes=2_000_000, content_bytes=2_000_000)
LONGEST_DELAY = 60  # seconds that a site can ask for between two requests

NOT_WANTED = gettext_noop("The site’s robots.txt does not want this address to be fetched.")
NOT_NOW = gettext_noop(
    "The site’s robots.txt cannot be had at the moment: until then nothing is fetched there."
)


class NotWanted(FetchError):
    """The site does not want programs to fetch the address."""


def check(at: Target) -> None:
    """Ask the site's robots.txt, if that has not been done of late, whether the address may be
    fetched. Raises NotWanted; FetchError, a passing one, where the site says nothing now."""
    host = _host(at)
    # An answer that is no robots.txt says nothing, so all is allowed; one that tells of trouble,
    # or none, may hide what is not.
    if not host.robots and _is_trouble(host.robots_status):
        raise FetchError(NOT_NOW, passing=True)
    if not rules(host.robots).can_fetch(at.url, AGENT):
        raise NotWanted(NOT_WANTED)


def delay(host: Host) -> float:
    """Seconds that the site wants between two requests; 0 where it does not say."""
    said = rules(host.robots).crawl_delay(AGENT) if host.robots else None
    return min(max(said or 0, 0), LONGEST_DELAY)


@lru_cache(maxsize=256)
def rules(robots: str) -> Protego:
    return Protego.parse(robots)


def _host(at: Target) -> Host:
    """The site's row, with a robots.txt that is not too old."""
    now = timezone.now()
    host, _ = Host.objects.get_or_create(name=at.site, defaults={"next_request_at": now})
    if host.robots_at is not None and now < host.robots_at + _holds(host):
        return host
    status, robots = _ask(at)
    return _note(at.site, status, robots, now)


def _holds(host: Host) -> timedelta:
    return AGAIN if _is_trouble(host.robots_status) else KEPT


def _is_trouble(status: int | None) -> bool:
    return status is None or status == HTTPStatus.TOO_MANY_REQUESTS or status >= 500


def _ask(at: Target) -> tuple[int | None, str]:
    """Status and content of the site's robots.txt; no status where the site does not answer."""
    try:
        page = fetch(f"{at.scheme}://{at.site}/robots.txt", types=None, limits=LIMITS)
    except FetchError as error:
        # What will not be otherwise another time is an answer, if none with rules in it.
        return error.status or (None if error.passing else HTTPStatus.OK), ""
    text = page.content.decode("utf-8-sig", "replace").replace("\0", "")
    return HTTPStatus.OK, text[:MOST]


@transaction.atomic
def _note(site: str, status: int | None, robots: str, now: datetime) -> Host:
    """Write down what the site said. In trouble, what it said before goes on to hold."""
    host = Host.objects.select_for_update().get(pk=site)
    host.robots_at, host.robots_status = now, status
    if not _is_trouble(status):
        host.robots = robots
    host.save(update_fields=["robots", "robots_at", "robots_status"])
    return host
