"""Feeds that are polled, what they announced, and the hosts that are asked."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from config.ids import new_id
from sources.models.documents import Article, Document, Publisher
from sources.models.failing import InWords

FIRST_INTERVAL = 900  # seconds


class Feed(InWords, models.Model):
    """An address that announces articles. The row is the job: it is polled when it is due, and
    a worker that polls it has it until its lease ends."""

    class Kind(models.TextChoices):
        RSS = "rss", "RSS"
        ATOM = "atom", "Atom"
        JSON = "json", "JSON Feed"
        SITEMAP = "sitemap", "news sitemap"

    class State(models.TextChoices):
        ACTIVE = "active"
        PAUSED = "paused"  # by somebody
        GONE = "gone"  # the site says that it is, for good

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    url = models.URLField(max_length=2000, unique=True)
    title = models.CharField(max_length=300, blank=True)
    kind = models.CharField(max_length=7, choices=Kind, blank=True)  # "": not polled yet
    # Whose its articles are; null: whom each page names.
    publisher = models.ForeignKey(
        Publisher, models.PROTECT, null=True, blank=True, related_name="feeds"
    )
    conflict_slug = models.SlugField(blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=6, choices=State, default=State.ACTIVE)

    interval = models.PositiveIntegerField(default=FIRST_INTERVAL)  # seconds, adapted to its habit
    next_poll_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    polls = models.PositiveIntegerField(default=0)  # begun ones: tells workers apart
    etag = models.CharField(max_length=500, blank=True)
    modified = models.CharField(max_length=100, blank=True)  # Last-Modified, as the site wrote it

    polled_at = models.DateTimeField(null=True, blank=True)
    succeeded_at = models.DateTimeField(null=True, blank=True)
    new_at = models.DateTimeField(null=True, blank=True)  # when it last announced something new
    failures = models.PositiveIntegerField(default=0)  # since the last poll that succeeded
    failing_since = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)  # of the last poll: a sentence, and what goes into it
    error_values = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["title", "url"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["active", "paused", "gone"]), name="feed_state_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["", "rss", "atom", "json", "sitemap"]),
                name="feed_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(failures=0, failing_since=None)
                | Q(failures__gt=0, failing_since__isnull=False) & ~Q(error=""),
                name="feed_failing_says_why",
            ),
        ]
        indexes = [
            # The sweep looks for those that are due.
            models.Index(fields=["next_poll_at"], name="feed_due", condition=Q(state="active")),
        ]

    def __str__(self) -> str:
        return self.title or self.url

    def get_absolute_url(self) -> str:
        return reverse("source-feed", args=[self.id])


class FeedItem(InWords, models.Model):
    """An article that a feed announced. The row is the job: it is fetched, and becomes a
    document."""

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        CREATED = "created"
        PRESENT = "present"  # the same text of its publisher, or its address, was there already
        FAILED = "failed"
        REFUSED = "refused"  # the site's robots.txt does not want it to be fetched

    OPEN = (State.WAITING, State.RUNNING)

    feed = models.ForeignKey(Feed, models.CASCADE, related_name="items")
    # SHA-256 of what the feed tells it by (its guid or id, else its address).
    key = models.CharField(max_length=64)
    url = models.URLField(max_length=2000)
    host = models.CharField(max_length=300)  # host:port of its address, whose turn it waits for
    title = models.CharField(max_length=500, blank=True)
    author = models.CharField(max_length=300, blank=True)
    published = models.CharField(max_length=40, blank=True)  # ISO 8601 with the feed's offset
    seen_at = models.DateTimeField(auto_now_add=True)

    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    error = models.TextField(blank=True)  # a sentence, and what goes into it
    error_values = models.JSONField(default=dict, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    # Until when the worker that has it may keep it; and, waiting, before when not to try again.
    leased_until = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="announced"
    )
    # Until it is fetched at another address that the feed gives by now: the article that it is.
    before = models.ForeignKey(
        Article,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="announced_elsewhere",
    )

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["feed", "key"], name="feed_item_once"),
            models.CheckConstraint(
                condition=Q(
                    state__in=["waiting", "running", "created", "present", "failed", "refused"]
                ),
                name="feed_item_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["created", "present"], document__isnull=False)
                | Q(state__in=["waiting", "running", "failed", "refused"], document=None),
                name="feed_item_becomes_a_document",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["failed", "refused"]) | ~Q(error=""),
                name="feed_item_failed_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(state="running") | Q(leased_until__isnull=False),
                name="feed_item_running_is_leased",
            ),
        ]
        indexes = [
            # Open ones of each host among many finished ones.
            models.Index(
                fields=["host", "id"],
                name="feed_item_open",
                condition=Q(state__in=["waiting", "running"]),
            ),
            # Of each feed, how many a day.
            models.Index(fields=["feed", "seen_at"], name="feed_item_seen"),
            # Few are, and a withdrawal looks for them.
            models.Index(
                fields=["before"],
                name="feed_item_moved",
                condition=Q(before__isnull=False),
            ),
            # Counted for alarms, and listed, whatever the number of those that are done.
            models.Index(fields=["id"], name="feed_item_failed", condition=Q(state="failed")),
        ]

    def __str__(self) -> str:
        return self.title or self.url


class Host(models.Model):
    """A site that is asked: when it may be asked again, and what its robots.txt says. Known to
    all workers, so that together they are as polite as one."""

    name = models.CharField(max_length=300, primary_key=True)  # host:port
    next_request_at = models.DateTimeField()
    robots = models.TextField(blank=True)
    robots_at = models.DateTimeField(null=True, blank=True)  # null: not asked for yet
    robots_status = models.PositiveSmallIntegerField(null=True, blank=True)  # null: no answer

    def __str__(self) -> str:
        return self.name
