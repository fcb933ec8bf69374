"""Whether anything that a town's page says has changed: one query, whatever the page says."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

from django.db import connection

from entities.models import Place

Made = TypeVar("Made")

# A row's `xmin` and `ctid` together name its version: every change gives it others. Here are all
# rows that a town's claims are told from: themselves, their documents, publishers and passages,
# what was derived from them, and, of this world, who speaks and on whose side.
_STAMP = """
SELECT concat_ws(' ',
  (SELECT md5(string_agg(concat(c.xmin, c.ctid, d.xmin, d.ctid, p.xmin, p.ctid), ',' ORDER BY c.id))
     FROM claims_claim c
     JOIN sources_document d ON d.id = c.document_id
     JOIN sources_publisher p ON p.id = d.publisher_id
    WHERE c.place_id = %(place)s),
  (SELECT md5(string_agg(concat(e.xmin, e.ctid), ',' ORDER BY e.id))
     FROM claims_evidence e
     JOIN claims_claim c ON c.id = e.claim_id
    WHERE c.place_id = %(place)s),
  (SELECT md5(string_agg(concat(i.xmin, i.ctid), ',' ORDER BY i.id))
     FROM claims_statusinterval i WHERE i.place_id = %(place)s),
  EXISTS (SELECT FROM claims_duetown w WHERE w.place_id = %(place)s),
  (SELECT md5(string_agg(concat(a.xmin, a.ctid), ',' ORDER BY a.id)) FROM entities_actor a),
  (SELECT md5(string_agg(concat(l.xmin, l.ctid), ',' ORDER BY l.id)) FROM entities_allegiance l),
  (SELECT md5(string_agg(concat(s.xmin, s.ctid), ',' ORDER BY s.id)) FROM entities_side s),
  (SELECT concat(t.xmin, t.ctid) FROM entities_place t WHERE t.id = %(place)s)
)
"""


def stamp_of(place: Place) -> str:
    """What stays the same as long as nothing does that `claims.timeline` reads of the town."""
    with connection.cursor() as cursor:
        cursor.execute(_STAMP, {"place": place.id})
        (stamp,) = cursor.fetchone()
    return str(stamp)


class Stamped(Generic[Made]):
    """What was made of towns, by what was asked for, as long as their stamps stay the same: the
    `most` that were asked for last. Most is asked for only once, which is not worth a stamp: it is
    kept from the second time on."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._found: OrderedDict[Hashable, tuple[str, Made] | None] = OrderedDict()
        self._lock = Lock()

    def get(self, asked: Hashable, place: Place, make: Callable[[], Made]) -> Made:
        with self._lock:
            before = asked in self._found
            found = self._found.get(asked)
            self._put(asked, found)
        if not before:
            return make()
        # Taken before anything is read: what changes meanwhile changes the next stamp.
        stamp = stamp_of(place)
        if found is not None and found[0] == stamp:
            return found[1]
        made = make()
        with self._lock:
            self._put(asked, (stamp, made))
        return made

    def cache_clear(self) -> None:
        with self._lock:
            self._found.clear()

    def _put(self, asked: Hashable, found: tuple[str, Made] | None) -> None:
        self._found[asked] = found
        self._found.move_to_end(asked)
        if len(self._found) > self._most:
            self._found.popitem(last=False)
