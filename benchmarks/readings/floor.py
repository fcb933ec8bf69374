# ruff: noqa: S608 - of names written in this file
"""The floor: what each question takes as SQL alone, written by hand.

Each question has the least statements that fetch the fields which its page shows, and no others,
in the order in which it shows them. They are asked through psycopg as it comes, with all rows
fetched. What else a page does (the rules, drawing, words, HTML) is what stands above the floor.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import psycopg

Statements = tuple[str, ...]
LIVE = "c.state IN ('pending', 'accepted', 'corrected')"
_SIDES = 'SELECT conflict_id, key, name, colour FROM entities_side ORDER BY conflict_id, "order"'
# An interval is a change unless the one before it reads the same in words.
_CHANGE = """NOT EXISTS (
    SELECT FROM claims_statusinterval b
    WHERE b.place_id = i.place_id AND b.include_pending = i.include_pending
      AND b.part_label = '' AND b."end" = i.start AND b.status = i.status
      AND (b.status IN ('contested', 'unknown')
           OR b.sides = i.sides AND b.by_own_word = i.by_own_word))"""
_CLAIM = """c.id, c.stance, c.predicate, c.extent, c.part_words, c.part_label, c.speaker,
    c.asserted_on, c.asserted_precision, c.event_date, c.event_precision, c.state,
    d.id, d.family_id, d.article_id, d.published, d.published_offset, d.provenance, u.name,
    a.id, a.name, a.slug, a.kind, a.official, s.id, s.name, s.slug, p.name, p.slug, p.short_id"""
_JOINED = """claims_claim c
    JOIN sources_document d ON d.id = c.document_id
    JOIN sources_publisher u ON u.id = d.publisher_id
    JOIN entities_place p ON p.id = c.place_id
    LEFT JOIN entities_actor a ON a.id = c.claimant_id
    LEFT JOIN entities_actor s ON s.id = c.subject_id"""
_KNOWN = """AND d.published + d.published_offset * interval '1 minute'
      < %(known_on)s::date + 1"""

HOME: Statements = (
    f"SELECT max(c.asserted_on) FROM claims_claim c WHERE {LIVE}",
    f"""
    SELECT count(*) FROM entities_place p
    WHERE EXISTS (SELECT FROM claims_claim c
                  WHERE c.place_id = p.id AND {LIVE} AND c.asserted_on <= %(day)s)
       OR EXISTS (SELECT FROM claims_statusinterval i
                  WHERE i.place_id = p.id AND i.part_label = '' AND i.start <= %(day)s)
    """,
    # The last to change are among the last intervals that began: four for each town are enough.
    f"""
    WITH latest AS (
        SELECT DISTINCT ON (i.place_id) i.place_id, i.start
        FROM claims_statusinterval i
        WHERE NOT i.include_pending AND i.part_label = '' AND i.start <= %(day)s AND {_CHANGE}
          AND i.start >= coalesce((
            SELECT r.start FROM claims_statusinterval r
            WHERE NOT r.include_pending AND r.part_label = '' AND r.start <= %(day)s
            ORDER BY r.start DESC OFFSET 200 LIMIT 1), '-infinity')
        ORDER BY i.place_id, i.start DESC
    ), listed AS (
        SELECT p.id, p.name, p.slug, p.short_id, p.admin1, p.country, p.conflict_id, l.start
        FROM entities_place p JOIN latest l ON l.place_id = p.id
        ORDER BY l.start DESC, p.name, p.id LIMIT 50
    )
    SELECT listed.*, n.live, n.pending, now.status, now.sides, now.by_own_word, now.word_days,
           was.status, was.sides, was.by_own_word
    FROM listed
    CROSS JOIN LATERAL (
        SELECT count(*) AS live, count(*) FILTER (WHERE c.state = 'pending') AS pending
        FROM claims_claim c
        WHERE c.place_id = listed.id AND {LIVE} AND c.asserted_on <= %(day)s) n
    LEFT JOIN LATERAL (
        SELECT i.* FROM claims_statusinterval i
        WHERE i.place_id = listed.id AND i.part_label = '' AND i.start <= %(day)s
          AND NOT i.include_pending AND (i."end" IS NULL OR i."end" > %(day)s)) now ON true
    LEFT JOIN LATERAL (
        SELECT i.* FROM claims_statusinterval i
        WHERE i.place_id = listed.id AND i.part_label = '' AND i.start < listed.start
          AND NOT i.include_pending AND {_CHANGE}
        ORDER BY i.start DESC LIMIT 1) was ON true
    ORDER BY listed.start DESC, listed.name, listed.id
    """,
    _SIDES,
)

# With pending claims, a town is shown only until something is verified about it.
_SHOWN = """part_label = '' AND (NOT include_pending OR start < coalesce((
    SELECT v.start FROM claims_statusinterval v
    WHERE v.place_id = i.place_id AND v.part_label = '' AND NOT v.include_pending
    ORDER BY v.start LIMIT 1), 'infinity'))"""
MAP: Statements = (
    f"""
    SELECT p.id, p.short_id, p.name, p.admin1, p.country, p.slug, p.latitude, p.longitude,
           p.conflict_id, (SELECT c.asserted_on FROM claims_claim c
                           WHERE c.place_id = p.id AND {LIVE} ORDER BY c.asserted_on LIMIT 1)
    FROM entities_place p
    WHERE EXISTS (SELECT FROM claims_claim c WHERE c.place_id = p.id AND {LIVE})
    ORDER BY p.name, p.id
    """,
    f"""
    SELECT place_id, include_pending, start, "end", status, sides, by_own_word, word_days,
           array_to_string(deciding, ' ')
    FROM claims_statusinterval i WHERE {_SHOWN} ORDER BY place_id, start
    """,
    # Each of the words once, with all who say it.
    f"""
    SELECT coalesce(a.name, (SELECT u.name FROM sources_document d
                             JOIN sources_publisher u ON u.id = d.publisher_id
                             WHERE d.id = c.document_id)),
           c.stance, c.predicate, string_agg(c.id::text, ' ')
    FROM claims_claim c LEFT JOIN entities_actor a ON a.id = c.claimant_id
    WHERE c.id IN (SELECT unnest(deciding) FROM claims_statusinterval i WHERE {_SHOWN})
    GROUP BY 1, 2, 3
    """,
    _SIDES,
)


def _town(known: str = "") -> Statements:
    of_town = f"c.place_id = %(town)s AND {LIVE} {known}"
    return (
        """
        SELECT p.*, f.name FROM entities_place p
        LEFT JOIN entities_conflict f ON f.id = p.conflict_id WHERE p.id = %(town)s
        """,
        'SELECT name FROM entities_placename WHERE place_id = %(town)s ORDER BY "order"',
        f"SELECT {_CLAIM} FROM {_JOINED} WHERE {of_town} ORDER BY c.asserted_on, d.published, c.id",
        f"""
        SELECT e.claim_id, e.start, e."end", e.quote, e.cue
        FROM claims_evidence e JOIN claims_claim c ON c.id = e.claim_id
        JOIN sources_document d ON d.id = c.document_id
        WHERE {of_town} ORDER BY e.claim_id, e.start
        """,
        """
        SELECT l.actor_id, l.since, l.until, s.key, s.name, s.colour
        FROM entities_side s JOIN entities_place p ON p.conflict_id = s.conflict_id
        LEFT JOIN entities_allegiance l ON l.side_id = s.id WHERE p.id = %(town)s
        """,
        # The towns round it, for the small map.
        f"""
        SELECT o.name, o.slug, o.short_id, o.latitude, o.longitude,
               EXISTS (SELECT FROM claims_claim c WHERE c.place_id = o.id AND {LIVE}) AS claimed
        FROM entities_place o JOIN entities_place p ON p.id = %(town)s
        WHERE o.latitude BETWEEN p.latitude - 1 AND p.latitude + 1
          AND o.longitude BETWEEN p.longitude - 1.5 AND p.longitude + 1.5 AND o.id <> p.id
        ORDER BY claimed DESC, o.population DESC, o.name LIMIT 14
        """,
    )


TOWN = _town()
TOWN_KNOWN = _town(_KNOWN)

_FITS = "e.words @@ websearch_to_tsquery('english', %(words)s)"
_DOCUMENT_FITS = "d.words @@ websearch_to_tsquery('english', %(words)s)"
_RANK = "ts_rank({}.words, websearch_to_tsquery('english', %(words)s){})"
_CLAIMS_FOUND = f"""
    SELECT c.id, c.asserted_on FROM claims_claim c
    WHERE {LIVE} AND c.id IN (
        SELECT e.claim_id FROM claims_evidence e WHERE {_FITS} UNION
        SELECT w.id FROM claims_claim w
        WHERE w.words @@ websearch_to_tsquery('english', %(words)s))
"""
# As the page does: counted to a thousand, and of more than these only the latest are weighed.
SEARCH: Statements = (
    f"SELECT count(*) FROM ({_CLAIMS_FOUND} LIMIT 1001) found",
    f"""
    WITH latest AS ({_CLAIMS_FOUND} ORDER BY c.asserted_on DESC, c.id DESC LIMIT 1000), best AS (
        SELECT l.id, max({_RANK.format("e", "")}) AS rank, l.asserted_on
        FROM latest l JOIN claims_evidence e ON e.claim_id = l.id
        GROUP BY l.id, l.asserted_on ORDER BY 2 DESC, 3 DESC, 1 DESC LIMIT 8
    )
    SELECT {_CLAIM}, array(
        SELECT ts_headline('english', e.quote, websearch_to_tsquery('english', %(words)s))
        FROM claims_evidence e WHERE e.claim_id = c.id ORDER BY e.start)
    FROM best JOIN {_JOINED} ON best.id = c.id
    ORDER BY best.rank DESC, c.asserted_on DESC, c.id DESC
    """,
    f"""
    SELECT count(*) FROM (
        SELECT FROM sources_document d WHERE {_DOCUMENT_FITS} LIMIT 1001) found
    """,
    f"""
    WITH latest AS (
        SELECT d.id FROM sources_document d WHERE {_DOCUMENT_FITS}
        ORDER BY d.published DESC, d.id DESC LIMIT 1000
    ), best AS (
        SELECT d.id, {_RANK.format("d", ", 1")} AS rank
        FROM latest JOIN sources_document d ON d.id = latest.id
        ORDER BY rank DESC, d.published DESC, d.id DESC LIMIT 6
    )
    SELECT d.id, d.title, d.published, d.published_offset, u.name,
           ts_headline('english', left(d.text, 100000),
                       websearch_to_tsquery('english', %(words)s), 'MaxFragments=2, MaxWords=28')
    FROM best JOIN sources_document d ON d.id = best.id
    JOIN sources_publisher u ON u.id = d.publisher_id
    ORDER BY best.rank DESC, d.published DESC, d.id DESC
    """,
    """
    SELECT DISTINCT place_id FROM entities_placename
    WHERE folded LIKE %(words)s || '%%' LIMIT 50
    """,
    "SELECT DISTINCT actor_id FROM entities_actorname WHERE folded LIKE %(words)s || '%%'",
)

# The conflict by its id: of a name the planner expects few towns.
_FILTERED = """c.state IN ('accepted', 'corrected') AND c.predicate = 'captured'
    AND c.asserted_on >= %(since)s
    AND p.conflict_id = (SELECT id FROM entities_conflict WHERE slug = %(conflict)s)"""
_OF_PLACES = "claims_claim c JOIN entities_place p ON p.id = c.place_id"
CLAIMS: Statements = (
    f"SELECT count(*) FROM (SELECT FROM {_OF_PLACES} WHERE {_FILTERED} LIMIT 10001) found",
    f"""
    WITH listed AS (
        SELECT c.id FROM {_OF_PLACES} WHERE {_FILTERED}
        ORDER BY c.asserted_on DESC, c.id DESC LIMIT 50
    )
    SELECT {_CLAIM}, array(SELECT e.quote FROM claims_evidence e
                           WHERE e.claim_id = c.id ORDER BY e.start)
    FROM listed JOIN {_JOINED} ON c.id = listed.id ORDER BY c.asserted_on DESC, c.id DESC
    """,
    "SELECT slug, name FROM entities_conflict",
    "SELECT key, name FROM entities_side ORDER BY name, key",
)

_IN_RANGE = f"""NOT i.include_pending AND i.part_label = ''
    AND i.start BETWEEN %(since)s AND %(day)s AND {_CHANGE}"""
CHANGES: Statements = (
    f"SELECT max(c.asserted_on) FROM claims_claim c WHERE {LIVE}",
    f"""
    WITH listed AS (
        SELECT i.*, p.name, p.slug, p.short_id, p.admin1, p.country, p.conflict_id,
               count(*) OVER () AS changes, count(*) OVER (PARTITION BY i.start) AS of_day
        FROM claims_statusinterval i JOIN entities_place p ON p.id = i.place_id
        WHERE {_IN_RANGE} ORDER BY i.start DESC, p.name, i.id LIMIT 50
    )
    SELECT listed.start, listed.status, listed.sides, listed.by_own_word, listed.rule,
           listed.deciding, listed.name, listed.slug, listed.short_id, listed.admin1,
           listed.country, listed.conflict_id, listed.changes, listed.of_day,
           was.status, was.sides, was.by_own_word
    FROM listed LEFT JOIN claims_statusinterval was
        ON was.place_id = listed.place_id AND was."end" = listed.start
        AND NOT was.include_pending AND was.part_label = ''
    ORDER BY listed.start DESC, listed.name, listed.id
    """,
    f"""
    WITH listed AS (
        SELECT i.deciding FROM claims_statusinterval i JOIN entities_place p ON p.id = i.place_id
        WHERE {_IN_RANGE} ORDER BY i.start DESC, p.name, i.id LIMIT 50
    )
    SELECT {_CLAIM} FROM {_JOINED} WHERE c.id IN (SELECT unnest(deciding) FROM listed)
    """,
    _SIDES,
)

EXPORT: Statements = (
    f"""
    SELECT {_CLAIM}, c.place_ambiguous, c.confidence, c.origin, c.extractor_version, c.version,
           c.no_longer_found, c.duplicate_of_id, c.replaces_id, c.created_at,
           (SELECT max(h.at) FROM claims_change h WHERE h.claim = c.id AND h.number IS NOT NULL),
           d.title, d.url, d.withdrawn_at, p.geonameid, p.latitude, p.longitude, p.admin1,
           p.country, p.conflict_id, f.slug,
           array(SELECT (e.start, e."end", e.quote, e.cue)::text FROM claims_evidence e
                 WHERE e.claim_id = c.id ORDER BY e.start)
    FROM {_JOINED} LEFT JOIN entities_conflict f ON f.id = p.conflict_id
    WHERE {LIVE} AND c.asserted_on >= %(since)s ORDER BY c.asserted_on, c.id
    """,
    "SELECT actor_id, side_id, since, until FROM entities_allegiance",
    _SIDES,
)

API_CLAIMS: Statements = (
    f"""
    SELECT {_CLAIM}, c.confidence, c.origin, c.extractor_version, c.version, c.created_at,
           d.title, d.url, p.latitude, p.longitude,
           array(SELECT (e.start, e."end", e.quote, e.cue)::text FROM claims_evidence e
                 WHERE e.claim_id = c.id ORDER BY e.start)
    FROM {_JOINED} WHERE {LIVE} ORDER BY c.id DESC LIMIT 101
    """,
)


def ask(
    connection: psycopg.Connection[Any], statements: Statements, given: Mapping[str, Any]
) -> int:
    """Every statement with all of its rows. Returns how many rows there were."""
    rows = 0
    with connection.cursor() as cursor:
        for sql in statements:
            cursor.execute(sql, given)
            rows += len(cursor.fetchall())
    return rows
