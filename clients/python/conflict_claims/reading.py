"""What a server has, as it answers: records are typed dictionaries, lists iterators."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, Unpack
from urllib.parse import parse_qs, quote, urlsplit
from uuid import UUID

from conflict_claims import records
from conflict_claims.errors import UnreadableAnswer
from conflict_claims.transport import Transport

PAGE_SIZE = 500
Id = UUID | str
T = TypeVar("T")


class Reading:
    """What there is to read. Lists are read page by page as they are gone through, whatever their
    length; what is added meanwhile neither repeats nor hides a row. Filters are the API's, by
    name; one that it does not know is a BadRequest that names those it does."""

    _transport: Transport

    def whoami(self) -> records.WhoAmI:
        """Whose key it is, what it is for, and how many requests are left. Costs none."""
        return self._one(records.WhoAmI, "whoami")

    def claims(self, **filters: Unpack[records.ClaimsListParameters]) -> Iterator[records.Claim]:
        """Claims, the newest first; without `state` those that stand."""
        return self._all("claims/", filters)

    def claim(self, id_: Id) -> records.ClaimDetail:
        """A claim in any state, with its relations to others."""
        return self._one(records.ClaimDetail, "claims", id_)

    def decisions(self, id_: Id) -> Iterator[records.Decision]:
        """What was decided about a claim."""
        return self._all(_path("claims", id_, "decisions"))

    def towns(self, **filters: Unpack[records.TownsListParameters]) -> Iterator[records.Town]:
        """Towns that somebody claims something about, with their present status."""
        return self._all("towns/", filters)

    def town(self, id_: Id) -> records.TownDetail:
        return self._one(records.TownDetail, "towns", id_)

    def status(
        self, town: Id, **asked: Unpack[records.TownsStatusRetrieveParameters]
    ) -> records.Status:
        """A town's status over time; as known on a day, or as of a time."""
        return self._one(records.Status, "towns", town, "status", **asked)

    def timeline(
        self, town: Id, **asked: Unpack[records.TownsTimelineRetrieveParameters]
    ) -> Iterator[records.Claim]:
        """The claims that a town's status follows from, in the order of their days."""
        return self._all(_path("towns", town, "timeline"), asked)

    def actors(self, **filters: Unpack[records.ActorsListParameters]) -> Iterator[records.Actor]:
        return self._all("actors/", filters)

    def actor(self, id_: Id) -> records.Actor:
        return self._one(records.Actor, "actors", id_)

    def statements(
        self, actor: Id, **filters: Unpack[records.ActorsRecordRetrieveParameters]
    ) -> Iterator[records.TrackedStatement]:
        """What an actor said about who has which town, and what became of it."""
        return self._all(_path("actors", actor, "record"), filters)

    def record(
        self, actor: Id, **filters: Unpack[records.ActorsRecordRetrieveParameters]
    ) -> records.Record:
        """How many of an actor's statements were conceded, contradicted and never answered, with
        the latest of them."""
        return self._one(records.Record, "actors", actor, "record", **filters)

    def documents(
        self, **filters: Unpack[records.DocumentsListParameters]
    ) -> Iterator[records.Document]:
        """Documents, the newest here first."""
        return self._all("documents/", filters)

    def document(self, id_: Id) -> records.DocumentDetail:
        return self._one(records.DocumentDetail, "documents", id_)

    def status_changes(
        self, **filters: Unpack[records.StatusChangesListParameters]
    ) -> Iterator[records.StatusChange]:
        """Changes of towns' statuses by the days that they are about, the latest first. For what
        became known since a moment, `sync`."""
        return self._all("status-changes/", filters)

    def deleted(
        self, **filters: Unpack[records.ClaimsDeletedListParameters]
    ) -> Iterator[records.Deleted]:
        """Claims that stand no longer, for copies that are kept by `timestamp`."""
        return self._all("claims/deleted/", filters)

    def conflicts(
        self, **filters: Unpack[records.ConflictsListParameters]
    ) -> Iterator[records.WholeConflict]:
        return self._all("conflicts/", filters)

    def conflict(self, slug: str) -> records.WholeConflict:
        return self._one(records.WholeConflict, "conflicts", slug)

    def sides(self, **filters: Unpack[records.SidesListParameters]) -> Iterator[records.WholeSide]:
        return self._all("sides/", filters)

    def side(self, id_: Id) -> records.WholeSide:
        return self._one(records.WholeSide, "sides", id_)

    def places(self, **filters: Unpack[records.PlacesListParameters]) -> Iterator[records.Place]:
        """Places of the gazetteer, whether or not somebody claims something about them."""
        return self._all("places/", filters)

    def place(self, id_: Id) -> records.Place:
        return self._one(records.Place, "places", id_)

    def publishers(
        self, **filters: Unpack[records.PublishersListParameters]
    ) -> Iterator[records.WholePublisher]:
        return self._all("publishers/", filters)

    def publisher(self, id_: Id) -> records.WholePublisher:
        return self._one(records.WholePublisher, "publishers", id_)

    def webhooks(self) -> Iterator[records.Webhook]:
        return self._all("webhooks/")

    def webhook(self, id_: Id) -> records.Webhook:
        return self._one(records.Webhook, "webhooks", id_)

    def deliveries(self, webhook: Id) -> Iterator[records.Delivery]:
        """What was sent to a webhook, or is still to be, with each attempt's end."""
        return self._all(_path("webhooks", webhook, "deliveries"))

    def _one(self, kind: type[T], *parts: Id, **asked: Any) -> T:
        found: T = self._transport.get(_path(*parts), asked)
        return found

    def _all(self, path: str, asked: Mapping[str, Any] | None = None) -> Iterator[Any]:
        parameters: dict[str, Any] = {"page_size": PAGE_SIZE, **(asked or {})}
        while True:
            page = self._transport.read(path, parameters, _page)
            yield from page.results
            if page.cursor is None:
                return
            if page.cursor == parameters.get("cursor"):
                raise UnreadableAnswer(f"{path}: the next page is the same one")
            parameters["cursor"] = page.cursor


@dataclass(frozen=True, slots=True)
class _Page:
    results: list[Any]
    cursor: str | None  # of the next page


def _page(answer: Any) -> _Page:
    """Of the next page's address its cursor alone is taken: it is asked for where the server is
    known, whatever a proxy makes the server think that it is called."""
    try:
        results, following = answer["results"], answer["next"]
        cursors = parse_qs(urlsplit(following).query)["cursor"] if following else [None]
    except (KeyError, TypeError, AttributeError) as error:
        raise UnreadableAnswer(f"No page of a list: {str(answer)[:200]}") from error
    if not isinstance(results, list):
        raise UnreadableAnswer(f"No page of a list: {str(answer)[:200]}")
    return _Page(results, cursors[0])


def _path(*parts: Id) -> str:
    return "".join(f"{quote(str(part), safe='')}/" for part in parts)
