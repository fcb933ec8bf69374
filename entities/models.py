"""Conflicts, their sides, the actors that speak and act, and the places they speak about.

Rows come from packs and the gazetteer by upsert; a row that an editor has changed
(`edited`) is never touched by a load. Extraction adds actors and places that no pack knows
as `provisional` ones.
"""

from __future__ import annotations

from typing import Any, get_args

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.text import slugify

from config.ids import new_id, short_id
from entities.lexicon import ActorKind


class Conflict(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    # ISO 3166-1 alpha-2, or country.admin-1 code ("RU.41") where only a part is meant
    regions = ArrayField(models.CharField(max_length=10), default=list)
    edited = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Side(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    conflict = models.ForeignKey(Conflict, models.CASCADE, related_name="sides")
    key = models.SlugField()
    name = models.CharField(max_length=100)
    colour = models.CharField(max_length=7)
    order = models.PositiveSmallIntegerField(default=0)
    edited = models.BooleanField(default=False)

    class Meta:
        ordering = ["conflict", "order"]
        constraints = [
            models.UniqueConstraint(fields=["conflict", "key"], name="side_key_unique"),
            models.CheckConstraint(
                condition=Q(colour__regex=r"^#[0-9a-f]{6}$"), name="side_colour_is_hex"
            ),
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class Actor(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(max_length=120, unique=True)  # its key in the lexicon
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=[(kind, kind) for kind in get_args(ActorKind)])
    official = models.BooleanField(
        default=False, help_text="Its word can concede a town for its side."
    )
    parent = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="children"
    )
    provisional = models.BooleanField(
        default=False, help_text="Met in a text; no pack knows it and no editor has confirmed it."
    )
    edited = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=get_args(ActorKind)), name="actor_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="actor_not_own_parent"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ActorName(models.Model):
    class Kind(models.TextChoices):
        NAME = "name"
        DEMONYM = "demonym"
        METONYM = "metonym"

    actor = models.ForeignKey(Actor, models.CASCADE, related_name="names")
    name = models.CharField(max_length=200)
    folded = models.CharField(max_length=200, db_index=True)  # what searches compare
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.NAME)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["actor", "kind", "order"]
        constraints = [
            models.UniqueConstraint(fields=["actor", "name", "kind"], name="actor_name_unique"),
            models.CheckConstraint(
                condition=Q(kind__in=["name", "demonym", "metonym"]), name="actor_name_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Allegiance(models.Model):
    """The side that an actor is on, from one day to another (open where null)."""

    actor = models.ForeignKey(Actor, models.CASCADE, related_name="allegiances")
    side = models.ForeignKey(Side, models.PROTECT, related_name="allegiances")
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["actor", "since"]
        constraints = [
            models.UniqueConstraint(
                fields=["actor", "side", "since"],
                name="allegiance_unique",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gte=F("since")),
                name="allegiance_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.actor} on the side of {self.side}"


class Speaker(models.Model):
    """A person who speaks for an actor."""

    actor = models.ForeignKey(Actor, models.CASCADE, related_name="speakers")
    names = ArrayField(models.CharField(max_length=200))  # every spelling, the usual one first
    role = models.CharField(max_length=200, blank=True)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["actor", "order"]
        constraints = [
            models.CheckConstraint(condition=Q(names__len__gt=0), name="speaker_has_a_name"),
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gte=F("since")),
                name="speaker_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return str(self.names[0])


@pghistory.track(
    # A gazetteer's first load is no news: the row as it was before each change is enough.
    pghistory.UpdateEvent("before_update", row=pghistory.Old),
    exclude=["districts", "admin1_names"],
)
class Place(models.Model):
    """A populated place. `short_id` names it in addresses: `/towns/<slug>-<short id>/`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=120, unique=True)  # its key in the lexicon
    short_id = models.CharField(max_length=10, unique=True, editable=False)
    slug = models.SlugField(max_length=120)
    geonameid = models.PositiveIntegerField(null=True, blank=True, unique=True)
    name = models.CharField(max_length=200)
    country = models.CharField(max_length=2, blank=True)
    admin1 = models.CharField(max_length=200, blank=True)
    admin1_names = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    population = models.PositiveIntegerField(default=0)
    districts = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    conflict = models.ForeignKey(
        Conflict, models.PROTECT, null=True, blank=True, related_name="places"
    )
    provisional = models.BooleanField(default=False)
    edited = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="place_coordinates_valid",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.set_address()
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("town", args=[self.slug, self.short_id])

    def set_address(self) -> None:
        """Fill slug and short id; bulk creation, which skips `save`, calls it itself."""
        self.short_id = self.short_id or short_id(self.id)
        self.slug = self.slug or slugify(self.name)[:120] or "town"


class PlaceName(models.Model):
    place = models.ForeignKey(Place, models.CASCADE, related_name="names")
    name = models.CharField(max_length=200)
    folded = models.CharField(max_length=200, db_index=True)  # what searches compare
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["place", "order"]
        constraints = [
            models.UniqueConstraint(fields=["place", "name"], name="place_name_unique"),
        ]

    def __str__(self) -> str:
        return self.name


class Load(models.Model):
    """What was loaded last from a pack or the gazetteer, so that an unchanged one is skipped."""

    source = models.CharField(max_length=200, primary_key=True)
    digest = models.CharField(max_length=64)  # SHA-256 of the content
    at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.source
