"""Whether anything that a town's page says has changed: one query, whatever the page says."""

from __future__ import annotations

from django.db import connection

from entities.models import Place

# A row's `xmin` and `ctid` together name its version: every change gives it others. Here are all
# rows that a town's claims are told from: themselves, their documents, publishers and passages,
# and, of this world, who speaks and on whose side.
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
