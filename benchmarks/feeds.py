"""Polling of many feeds for real, by workers that are killed: how fast, how fair, what is lost.

    DATABASE_URL=postgresql://USER@HOST/ANY REDIS_URL=redis://HOST/DB .venv/bin/python
        -m benchmarks.feeds [--sites 200] [--articles 5000] [--workers 2] [--kills 20] [--json]

In a database of its own, which it makes on that server and drops at the end; the broker's database
is emptied (without the variables: on the embedded servers). Its sites (`benchmarks.feeding`) are
200 loopback addresses, which Linux has. Workers as in production take the queues `default` and
`fetching`. One or the other is killed with -9 each time that some more feeds have been polled or
articles fetched, until half of all are there: not by the clock, so that on a busy machine workers
do more than start. What they had comes back when its lease ends, so the last articles take three
minutes more.
Feeds announce half of their articles; when all are polled, the rest, and are polled once more.

`per_second`: articles over the time until 95 % of them were there (or, after `--minutes`, all of
the time; `waiting` are then still to be fetched). `share_min`, `share_max`: when
the first site's articles had all been asked for, how many articles of a site had been asked for at
least and at most, and `jain` the index of fairness over all sites (1: all the same). Exit code 1
where an article is missed or there twice, or a site was asked twice at once or too soon.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from contextlib import nullcontext
from itertools import pairwise
from pathlib import Path

import django
import redis

import embedded
from benchmarks.databases import own_database
from benchmarks.feeding.sites import HIDDEN, Sites
from benchmarks.syncing.copies import PROJECT

Figures = dict[str, float]
DATABASE = 13  # of the embedded broker: not the one that an installation at hand uses
PAUSE = 1  # seconds between two requests to a site
SWEEP = 10  # seconds
SLACK = 0.05  # seconds by which two machines' or programs' clocks may differ
STUCK = 600  # seconds without any progress, after which it is given up


class Workers:
    """Worker processes, each with two children, and one beat."""

    def __init__(self, count: int, folder: Path) -> None:
        self.folder, self.kills = folder, 0
        options = ["--queues=default,fetching", "--concurrency=2", "--loglevel=WARNING"]
        self._worker = ["worker", *options]
        self.running = [self._start(*self._worker, f"--hostname=w{n}") for n in range(count)]
        beat = ["beat", "--pidfile=", f"--schedule={folder / 'schedule'}", "--loglevel=WARNING"]
        self.beat = self._start(*beat)

    def _start(self, *command: str) -> subprocess.Popen[bytes]:
        with (self.folder / "workers.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "celery", "-A", "config", *command],
                cwd=PROJECT,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill_one(self, draw: random.Random) -> None:
        """A worker with all that it has begun, which cannot tidy up; another one starts."""
        number = draw.randrange(len(self.running))
        self._kill(self.running[number])
        self.kills += 1
        name = f"--hostname=w{number}-{self.kills}"
        self.running[number] = self._start(*self._worker, name)

    def end(self) -> None:
        for process in (*self.running, self.beat):
            self._kill(process)

    def _kill(self, process: subprocess.Popen[bytes]) -> None:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def run(
    sites: Sites, workers: Workers, draw: random.Random, *, kills: int, minutes: float
) -> Figures:
    """Wait until all that was announced has been dealt with, or the time is over. Raises
    RuntimeError where nothing goes on any more."""
    from django.utils import timezone

    from sources.models import Document, Feed, FeedItem

    began = told = time.monotonic()
    most, nearly, last = sites.articles, 0.0, -1
    step = (sites.count + most / 2) / (kills + 1)  # feeds polled and items done between two kills
    while True:
        time.sleep(0.5)
        now = time.monotonic()
        there = Document.objects.count()
        polled = Feed.objects.exclude(succeeded_at=None).count()
        if sites.edition == 1 and polled == sites.count:
            sites.edition = 2
            Feed.objects.update(next_poll_at=timezone.now(), leased_until=None)
        if there >= 0.95 * most and not nearly:
            nearly = now - began
        closed = FeedItem.objects.exclude(state__in=FeedItem.OPEN).count()
        over = minutes and now - began > 60 * minutes
        if over or closed >= most + -(-sites.count // HIDDEN):
            measured = 0.95 * most if nearly else there
            return {
                "per_second": round(measured / (nearly or now - began), 2),
                "seconds": round(now - began, 1),
                "to_95": round(nearly, 1),
            }
        if workers.kills < kills and polled + closed >= step * (workers.kills + 1):
            workers.kill_one(draw)
        if polled + closed != last:
            last, told = polled + closed, now
        elif now - told > STUCK:
            raise RuntimeError(f"{closed} items are done, and nothing goes on")


def fairness(sites: Sites) -> Figures:
    """Of requests for articles, until those of one site had all been asked for."""
    counts: Counter[int] = Counter()
    for asked in sorted(sites.asked, key=lambda one: one.began):
        if asked.path.startswith("/2023/"):
            counts[asked.site] += 1
            if counts[asked.site] >= sites.shares[asked.site]:
                break
    shares = [counts[site] for site in range(sites.count)]
    squares = sum(share * share for share in shares)
    return {
        "share_min": min(shares),
        "share_mean": round(sum(shares) / len(shares), 1),
        "share_max": max(shares),
        "jain": round(sum(shares) ** 2 / (len(shares) * squares), 3) if squares else 0,
    }


def politeness(sites: Sites) -> Figures:
    """Requests to a site that were made together, or sooner than its pause after another. A
    robots.txt is asked for in the turn of what it is asked for."""
    of_site = defaultdict(list)
    for asked in sites.asked:
        if asked.path != "/robots.txt":
            of_site[asked.site].append(asked)
    gaps = [
        after.began - before.ended
        for one in of_site.values()
        for before, after in pairwise(sorted(one, key=lambda asked: asked.began))
    ]
    return {
        "at_once_most": max(sites.most_at_once.values()),
        "too_soon": sum(gap < PAUSE - SLACK for gap in gaps),
        "gap_min": round(min(gaps, default=0), 2),
        "private_asked": sum(asked.path.startswith("/private") for asked in sites.asked),
    }


def outcome(sites: Sites) -> Figures:
    from django.db.models import Count

    from sources.models import Document, Feed, FeedItem, Snapshot

    open_items = FeedItem.objects.filter(state__in=FeedItem.OPEN)
    waiting = set(open_items.values_list("url", flat=True))
    wanted = sites.urls()
    rows = list(Document.objects.values_list("url", flat=True))
    twice = Document.objects.values("article").annotate(n=Count("id")).filter(n__gt=1).count()
    states = Counter(FeedItem.objects.values_list("state", flat=True))
    pages = Counter((one.site, one.path) for one in sites.asked if one.status == 200)
    return {
        "feeds": Feed.objects.count(),
        "polls": sum(asked.path == "/feed" for asked in sites.asked),
        "documents": len(rows),
        "waiting": len(waiting),
        "missed": len(wanted - set(rows) - waiting),
        "unwanted": len(set(rows) - wanted),
        "twice": len(rows) - len(set(rows)) + twice,
        "items": sum(states.values()),
        "refused": states["refused"],
        "failed": states["failed"],
        "asked_again": sum(n - 1 for (_, path), n in pages.items() if path.startswith("/2023/")),
        "snapshots": Snapshot.objects.count(),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description="Poll many feeds by workers that are killed.")
    parser.add_argument("--sites", type=int, default=200)
    parser.add_argument("--articles", type=int, default=5000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument(
        "--minutes", type=float, default=0, help="at the most; 0: until all is done"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="one flat JSON object")
    given = parser.parse_args()
    own = not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"))
    broker = embedded.broker_url().replace("virtual_host=0", f"virtual_host={DATABASE}")
    cache = embedded.cache_url().replace("?db=0", f"?db={DATABASE}")
    with (
        embedded.servers() if own else nullcontext(),
        tempfile.TemporaryDirectory() as folder,
        own_database(os.environ.get("DATABASE_URL") or embedded.database_url()) as database,
        Sites(given.sites, given.articles, given.seed) as sites,
    ):
        hosts = ",".join(sites.host(site) for site in range(given.sites))
        redis.Redis.from_url(os.environ.get("REDIS_URL") or cache).flushdb()
        os.environ |= {
            "DATABASE_URL": database,
            "REDIS_URL": os.environ.get("REDIS_URL") or broker,
            "CLAIMS_SECRET_KEY": secrets.token_urlsafe(50),
            "CLAIMS_FETCH_ALLOW_HOSTS": hosts,
            "CLAIMS_FETCH_PAUSE": str(PAUSE),
            "CLAIMS_SWEEP_INTERVAL": str(SWEEP),
            "CLAIMS_EVIDENCE_DIR": f"{folder}/evidence",
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        figures = _in(Path(folder), sites, given)
    _show(figures, as_json=given.json)
    wrong = ("missed", "unwanted", "twice", "failed", "too_soon", "private_asked")
    return 1 if any(figures[name] for name in wrong) or figures["at_once_most"] > 1 else 0


def _in(folder: Path, sites: Sites, given: argparse.Namespace) -> Figures:
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    _add_feeds(sites)
    workers = Workers(given.workers, folder)
    try:
        draw = random.Random(given.seed)  # noqa: S311 - nobody's secret
        took = run(sites, workers, draw, kills=given.kills, minutes=given.minutes)
        figures = {**took, "kills": workers.kills}
        return {**figures, **outcome(sites), **fairness(sites), **politeness(sites)}
    except RuntimeError:
        sys.stderr.write((folder / "workers.log").read_text(errors="replace")[-5000:])
        raise
    finally:
        workers.end()
        connection.close()


def _add_feeds(sites: Sites) -> None:
    from django.contrib.auth.models import User
    from django.utils import timezone

    from sources.models import Feed, Publisher

    by = User.objects.create_user("operator")
    for site in range(sites.count):
        publisher = Publisher.objects.create(name=f"Site {site}")
        Feed.objects.create(
            url=sites.feed_url(site),
            publisher=publisher,
            added_by=by,
            next_poll_at=timezone.now(),
        )


def _show(figures: Figures, *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(f"{json.dumps(figures)}\n")
        return
    for name, figure in figures.items():
        sys.stdout.write(f"{name:16} {figure:>12,}\n")


if __name__ == "__main__":
    sys.exit(main())
