"""Changes are given their numbers once they are committed, so that none comes before what has
been read already.

One numbers at a time, holding a lock. He sees, from the moment on which he has it, all that is
committed, and numbers what waits in the order of its ids. A transaction that commits late is
numbered late. Whoever has the lock next sees the numbers given before, since a lock is let go
only after what was written under it can be seen. So numbers have no gaps, whoever sees one sees
all lesser ones, and the changes of one claim, whose ids ascend because each of its writers waits
for the one before, stay in their order.
"""

from __future__ import annotations

from time import monotonic

from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection, transaction
from psycopg.errors import LockNotAvailable

from claims.models import Change

LOCK = 0x636C61696D73  # "claims": any number of which the project takes no other lock
BATCH = 5000  # changes that are numbered while the lock is held: some tenths of a second
PATIENCE = 3  # seconds that the lock is waited for

# In one statement, after the lock: what else a transaction would have to see is no concern of it.
_LOCK = """
SELECT set_config('lock_timeout', %s, true), current_setting('transaction_isolation'),
    pg_advisory_xact_lock(%s)
"""
# A claim whose passages alone changed may have been moved by another at the same time: it is told
# of to those who keep a copy of the town that it is about now.
_NUMBER = """
WITH last AS MATERIALIZED (
    SELECT number, at FROM claims_change WHERE number IS NOT NULL ORDER BY number DESC LIMIT 1
), now AS MATERIALIZED (
    SELECT greatest(clock_timestamp(), (SELECT at FROM last)) AS at
), waiting AS MATERIALIZED (
    SELECT id, row_number() OVER (ORDER BY id) AS nth
    FROM (SELECT id FROM claims_change WHERE number IS NULL ORDER BY id LIMIT %s) first
)
UPDATE claims_change change
SET number = coalesce((SELECT number FROM last), 0) + waiting.nth,
    at = (SELECT at FROM now),
    place = CASE WHEN what = 'claim' AND action = 'changed' AND event IS NULL
        THEN coalesce((SELECT place_id FROM claims_claim WHERE id = change.claim), place)
        ELSE place END
FROM waiting WHERE waiting.id = change.id
"""


def numbered(*, seconds: float = 2) -> int:
    """Give the changes that are committed and wait for it their numbers; returns the last number
    given, 0 where there is none. Not to be called in a transaction.

    After `seconds` what still waits is left to the next call, as is all where somebody else holds
    the lock for longer than `PATIENCE`: what is numbered can be read in any case.
    """
    end = monotonic() + seconds
    while some_wait() and _number_batch() == BATCH and monotonic() < end:
        pass
    return last_number()


def some_wait() -> bool:
    """Whether a change that is committed has no number yet."""
    return Change.objects.filter(number=None).exists()


def last_number() -> int:
    numbers = Change.objects.filter(number__isnull=False).order_by("-number")
    return numbers.values_list("number", flat=True).first() or 0


def _number_batch() -> int:
    """How many were numbered: 0 where the lock was not to be had."""
    try:
        # What the lock promises holds only if it is let go right after: never in an outer one.
        with transaction.atomic(durable=True), connection.cursor() as cursor:
            cursor.execute(_LOCK, [f"{PATIENCE}s", LOCK])
            _, isolation, _ = cursor.fetchone()
            if isolation != "read committed":
                raise ImproperlyConfigured(
                    f"The database's transactions are {isolation}: the feed's numbers are given "
                    "in order only if they are read committed."
                )
            cursor.execute(_NUMBER, [BATCH])
            return cursor.rowcount
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            return 0
        raise
