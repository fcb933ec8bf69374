"""Towns whose statuses have to be derived again.

Database triggers note them, so that no way is missed in which a claim, its actors' sides, its
document or its town changes: review, extraction, packs, gazetteers, the admin, text families,
or an update by hand.
"""

from __future__ import annotations

import pgtrigger
from django.db import models

from entities.models import Actor, Allegiance, Place, Side
from sources.models import Document


class DueTown(models.Model):
    """A town that is due: noted with the change, gone once it is derived (`claims.derive`).

    A town may be noted several times: rows are only added, so that no two writers wait for
    each other here.
    """

    place = models.ForeignKey(Place, models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return str(self.place)


def _note(select: str) -> str:
    return f"INSERT INTO claims_duetown (place_id) {select};"


def _when_changed(name: str, *fields: str, note: str) -> pgtrigger.Trigger:
    """Runs `note` after an update that changes one of `fields`."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=pgtrigger.AnyChange(*fields),
        func=f"{note} RETURN NULL;",
    )


def _towns_of_actor(row: str, column: str) -> str:
    """The towns that the actor in the column of the trigger's row, or one below it, makes
    claims about or is the subject of."""
    return _note(
        f"""
        WITH RECURSIVE concerned (id) AS (
            SELECT {row}.{column}
            UNION SELECT actor.id FROM entities_actor actor
            JOIN concerned ON actor.parent_id = concerned.id
        )
        SELECT place_id FROM claims_claim WHERE claimant_id IN (SELECT id FROM concerned)
        UNION SELECT place_id FROM claims_claim WHERE subject_id IN (SELECT id FROM concerned)
        """  # noqa: S608 - of names written in this file
    )


# What of a claim the rules look at.
COUNTING = (
    *("state", "document", "place", "claimant", "speaker", "stance", "predicate", "subject"),
    *("extent", "part_label", "asserted_on", "asserted_precision"),
    *("event_date", "event_precision"),
)
OF_CLAIMS = (
    pgtrigger.Trigger(
        name="due_new",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=pgtrigger.Referencing(new="new_rows"),
        func=_note("SELECT DISTINCT place_id FROM new_rows") + " RETURN NULL;",  # noqa: S608
    ),
    pgtrigger.Trigger(
        name="due_gone",
        when=pgtrigger.After,
        operation=pgtrigger.Delete,
        func=_note("VALUES (OLD.place_id)") + " RETURN NULL;",
    ),
    _when_changed(
        "due_changed", *COUNTING, note=_note("SELECT OLD.place_id UNION SELECT NEW.place_id")
    ),
)


# The apps below know nothing of claims: their tables' triggers are declared on proxies here.
class ClaimsActor(Actor):
    class Meta:
        proxy = True
        default_permissions = ()
        triggers = [
            _when_changed(
                *("due_actor", "slug", "kind", "official", "parent"),
                note=_towns_of_actor("NEW", "id"),
            )
        ]


class ClaimsAllegiance(Allegiance):
    class Meta:
        proxy = True
        default_permissions = ()
        triggers = [
            pgtrigger.Trigger(
                name="due_allegiance",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=f"""
                IF TG_OP <> 'INSERT' THEN {_towns_of_actor("OLD", "actor_id")} END IF;
                IF TG_OP <> 'DELETE' THEN {_towns_of_actor("NEW", "actor_id")} END IF;
                RETURN NULL;
                """,
            )
        ]


class ClaimsSide(Side):
    class Meta:
        proxy = True
        default_permissions = ()
        triggers = [
            _when_changed(
                *("due_side", "key", "conflict"),
                note=_note(
                    """
                    SELECT place.id FROM entities_place place
                    WHERE place.conflict_id IN (OLD.conflict_id, NEW.conflict_id)
                    AND EXISTS (SELECT FROM claims_claim WHERE place_id = place.id)
                    """
                ),
            )
        ]


class ClaimsPlace(Place):
    class Meta:
        proxy = True
        default_permissions = ()
        triggers = [
            _when_changed(
                *("due_place", "conflict"),
                note=_note(
                    "SELECT NEW.id WHERE EXISTS (SELECT FROM claims_claim WHERE place_id = NEW.id)"
                ),
            )
        ]


class ClaimsDocument(Document):
    class Meta:
        proxy = True
        default_permissions = ()
        triggers = [
            _when_changed(
                *(
                    "due_document",
                    "family",
                    "published",
                    "published_offset",
                    "publisher",
                    "article",
                ),
                note=_note("SELECT DISTINCT place_id FROM claims_claim WHERE document_id = NEW.id"),
            ),
            # A text that is at its article's address again, or turns out to be one of an
            # article, is read once more: claims of the article's other texts go to it.
            pgtrigger.Trigger(
                name="read_again",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("article_id", "replaced_at"),
                condition=pgtrigger.Q(new__article__isnull=False, new__replaced_at__isnull=True)
                & (
                    pgtrigger.Q(old__article__isnull=True)
                    | pgtrigger.Q(old__replaced_at__isnull=False)
                ),
                func="""
                UPDATE claims_extractionrun SET state = 'waiting', error = '', skipped = '',
                    leased_until = NULL, finished_at = NULL, waiting_since = now(),
                    attempts = CASE state WHEN 'running' THEN attempts ELSE 0 END
                WHERE id = (SELECT max(id) FROM claims_extractionrun WHERE document_id = NEW.id);
                RETURN NULL;
                """,
            ),
        ]
