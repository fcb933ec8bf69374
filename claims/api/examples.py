"""Examples of requests, shown in the API's page and run by its tests.

An address that names a row is preceded by a search for one: ids are an installation's own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

SITE = "https://claims.example.org"
NAMED = re.compile(r"{\w+}")


@dataclass(frozen=True, slots=True)
class Example:
    """`query` follows the operation's path. What the path names, if anything, is `fixed`, or stands
    in the answer of the list `found_by`, at `at`."""

    title: str
    query: str = ""
    found_by: str = ""
    at: str = ".results[0].id"
    fixed: str = ""

    def curl(self, path: str) -> str:
        """A shell's lines; jq reads the id."""
        address = f"{SITE}{path}{self.query}"
        if not self.found_by:
            return f"curl '{NAMED.sub(self.fixed, address)}'"
        found = f"ID=$(curl -s '{SITE}{self.found_by}' | jq -r '{self.at}')"
        return f'{found}\ncurl "{NAMED.sub("$ID", address)}"'


SOLEDAR = "/api/v1/towns/?search=Soledar"
EXAMPLES: dict[str, tuple[Example, ...]] = {
    "towns_list": (
        Example("Towns that are contested today", "?status=contested&include_pending=true"),
        Example("A town by any of its names", "?search=Soledar"),
    ),
    "towns_retrieve": (Example("A town with its names", found_by=SOLEDAR),),
    "towns_status_retrieve": (
        Example("As one could know on 12 January 2023", "?known_on=2023-01-12", SOLEDAR),
    ),
    "towns_timeline_retrieve": (
        Example("Bands and claims, pending ones too", "?include_pending=true", SOLEDAR),
    ),
    "claims_list": (
        Example("What was denied in January 2023", "?stance=denies&asserted_from=2023-01-01"),
        Example("All that speaks of Soledar", "?town=Soledar&page_size=100"),
    ),
    "claims_retrieve": (Example("A claim and its relations", found_by="/api/v1/claims/"),),
    "claims_decisions_list": (Example("What was decided", found_by="/api/v1/claims/"),),
    "documents_list": (Example("What came out after 11 January", "?published_from=2023-01-11"),),
    "documents_retrieve": (Example("A document", found_by="/api/v1/documents/"),),
    "actors_list": (Example("Movements and their sides", "?kind=movement"),),
    "actors_retrieve": (Example("An actor", found_by="/api/v1/actors/"),),
    "actors_record_retrieve": (
        Example("What became of what Wagner said", found_by="/api/v1/actors/?search=Wagner"),
    ),
    "changes_list": (Example("The first changes of all: `next` goes on", "?page_size=100"),),
    "status_changes_list": (
        Example("Changes of status, pending claims too", "?include_pending=true"),
    ),
    "conflicts_list": (Example("Conflicts and their sides"),),
    "conflicts_retrieve": (Example("A conflict", fixed="ukraine"),),
    "sides_list": (Example("Sides of all conflicts"),),
    "sides_retrieve": (Example("A side", found_by="/api/v1/sides/"),),
    "places_list": (Example("Places called so", "?search=Soledar"),),
    "places_retrieve": (Example("A place", found_by="/api/v1/places/?search=Soledar"),),
    "publishers_list": (Example("Publishers, and whether their texts may be given on"),),
    "publishers_retrieve": (Example("A publisher", found_by="/api/v1/publishers/"),),
    "exports_claims_file": (Example("Claims about Soledar", "?town=Soledar", fixed="csv"),),
    "exports_town_days_file": (Example("Each town's status, day by day", fixed="csv"),),
    "exports_statuses_file": (Example("All statuses", fixed="ndjson"),),
    "exports_control_changes_file": (Example("Captures", fixed="geojson"),),
    "whoami_retrieve": (Example("Who a key makes you, and what is left of it"),),
}


def of(operation_id: str, path: str) -> list[dict[str, Any]]:
    """An operation's examples as tools show them (`x-codeSamples`)."""
    return [
        {"lang": "Shell", "label": example.title, "source": example.curl(path)}
        for example in EXAMPLES.get(operation_id, ())
    ]
