"""The broker's queues. What waits for other sites, and what takes long, each has a queue of its
own, so that workers can be kept for the rest: then a slow site delays no status.

A message only wakes a worker: the rows are the jobs, and whatever is in a queue can be lost.
"""

from __future__ import annotations

from kombu import Exchange, Queue

DEFAULT = "default"  # sweeps, statuses, decisions, the feed of changes: all that is quick
EXTRACTION = "extraction"  # documents to be read: seconds each, and the parsing model's memory
FETCHING = "fetching"  # what waits for other sites: addresses, feeds, webhooks
FILES = "files"  # exports and releases: minutes each
NAMES = (DEFAULT, EXTRACTION, FETCHING, FILES)

ROUTES = {
    "claims.tasks.extract": {"queue": EXTRACTION},
    "claims.tasks.take_in": {"queue": FETCHING},
    "claims.tasks.send_deliveries": {"queue": FETCHING},
    "claims.tasks.make_export": {"queue": FILES},
    "claims.tasks.make_release": {"queue": FILES},
    "sources.tasks.*": {"queue": FETCHING},
}
# An exchange each: what is sent to one would else be put into all.
QUEUES = [Queue(name, Exchange(name), routing_key=name) for name in NAMES]
