"""The table of roles, taken through every address that asks for one: pages and API alike, on the
right conflict and on another, and no address that is in no table."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from claims import intake
from claims.access import keys, managing
from claims.access.roles import ACTIONS, may, may_somewhere
from claims.exports.tables import TABLES
from claims.models import ApiKey, Claim, Decision, Membership, NameDecision, Release, ReviewPolicy
from claims.names import ruling as naming
from claims.review import bulk
from claims.review.decisions import decide
from claims.review.second_reading import read_again
from config.ids import new_id
from entities.models import Conflict
from sources.adapters import Defaults
from sources.models import Intake
from tests.factories import make_claim, make_conflict, make_user

pytestmark = pytest.mark.django_db
ROLES = ("reader", "analyst", "editor", "adjudicator", "administrator")
# Each action, and by role whether it may be taken.
TABLE = {
    #                  reader, analyst, editor, adjudicator, administrator
    "read": (True, True, True, True, True),
    "export": (False, True, True, True, True),
    "question": (False, True, True, True, True),
    "save_filters": (False, True, True, True, True),
    "see_progress": (False, True, True, True, True),
    "decide": (False, False, True, True, True),
    "add": (False, False, True, True, True),
    "bring_in": (False, False, True, True, True),
    "bulk": (False, False, True, True, True),
    "restore": (False, False, True, True, True),
    "rule_on_names": (False, False, True, True, True),
    "adjudicate": (False, False, False, True, True),
    "manage": (False, False, False, False, True),
}
HERE, ELSEWHERE, EVERYWHERE = "here", "elsewhere", "everywhere"


def test_the_table_is_of_all_actions() -> None:
    assert set(TABLE) == set(ACTIONS)


@pytest.mark.parametrize("action", TABLE)
@pytest.mark.parametrize("role", ROLES)
def test_the_table(settings: Any, role: str, action: str) -> None:
    settings.PUBLIC_READING = False
    here, other = make_conflict(), make_conflict("sudan", "War in Sudan", ())
    allowed = TABLE[action][ROLES.index(role)]
    anywhere = action == "read"
    one = make_user("one", role=role, conflict=here)
    assert may(one, action, here) is allowed
    assert may(one, action, here.pk) is allowed
    assert may(one, action, other) is (allowed and anywhere)
    assert may(one, action) is (allowed and anywhere)
    assert may_somewhere(one, action) is allowed
    every = make_user("every", role=role)
    assert [may(every, action, where) for where in (here, other, None)] == [allowed] * 3


@dataclass
class Scene:
    """Rows of the conflict `here` for the addresses to name."""

    here: Conflict
    claim: Claim
    decided: Claim
    contested: Claim
    batch: Any
    ruling: NameDecision
    intake: Intake
    member: Membership
    invited: User
    release: Release
    key: ApiKey

    def of(self, kind: str) -> list[Any]:
        first: Any = self.decided.events.order_by("pgh_id").first()  # type: ignore[attr-defined]
        return {
            "": [],
            "claim": [self.claim.pk],
            "decided": [self.decided.pk],
            "contested": [self.contested.pk],
            "state": [self.decided.pk, first.pgh_id],
            "document": [self.claim.document_id],
            "batch": [self.batch.pk],
            "ruling": [self.ruling.pk],
            "intake": [self.intake.pk],
            "item": [self.intake.pk, 1],
            "version": ["test"],
            "difference": ["test", self.claim.document_id],
            "filter": [1],
            # Nobody's here: whose they are is tested in tests/claims/webhooks/test_pages.py.
            "webhook": [self.claim.pk],
            # None is there: what is done with them is tested in tests/claims/test_sources_pages.py.
            "feed": [self.claim.pk],
            "ending": ["csv"],
            "release": [self.release.pk],
            "member": [self.member.pk],
            "invited": [self.invited.pk],
            "key": [self.key.pk],
            "queue": ["documents"],
            "large_file": [self.claim.pk],  # none is there: tests/claims/test_bring_page.py
        }[kind]


@dataclass(frozen=True)
class Address:
    """`where`: HERE where the right must be for the conflict of what is named, EVERYWHERE where
    it must be for all, "" where any conflict will do. `done`: what shows that it was, where
    an answer does not. `open_to_read`: a GET is for all readers."""

    method: str
    action: str
    where: str = ""
    of: str = ""
    data: Callable[[Scene], dict[str, Any]] = field(default=lambda scene: {})
    as_json: bool = False
    open_to_read: bool = False
    done: Callable[[], bool] | None = None


def taken(reading: str) -> Callable[[], bool]:
    return Decision.objects.filter(reading=reading).exists


ADDRESSES: dict[str, tuple[Address, ...]] = {
    "bench": (Address("get", "decide"),),
    "bench-next": (Address("get", "decide"),),
    "bench-previous": (Address("get", "decide"),),
    "bench-done": (Address("get", "decide"),),
    "bench-skipped": (Address("post", "decide"),),
    "bench-keep": (Address("post", "decide"),),
    "bench-release": (Address("post", "decide"),),
    "bench-undo": (Address("post", "decide"),),
    "bench-claim": (Address("get", "decide", HERE, "claim"),),
    "bench-effect": (Address("get", "decide", HERE, "claim"),),
    "bench-decide": (
        Address("post", "decide", HERE, "claim", lambda scene: {"kind": "accept", "version": 1}),
        Address(
            "post",
            "adjudicate",
            HERE,
            "contested",
            lambda scene: {
                "kind": "accept",
                "version": Claim.objects.get(pk=scene.contested.pk).version,
                "stage": "adjudication",
            },
            done=taken("adjudication"),
        ),
    ),
    "bench-skip": (Address("post", "decide", "", "claim"),),
    "bench-pass-on": (Address("post", "decide", HERE, "claim"),),
    "bench-take-over": (Address("post", "decide", HERE, "claim"),),
    "bench-names": (Address("get", "decide"),),
    "bench-save-filter": (Address("post", "save_filters"),),
    "bench-delete-filter": (Address("post", "save_filters", "", "filter"),),
    "question": (Address("post", "question", HERE, "decided"),),
    "claim-state": (Address("post", "restore", HERE, "state", open_to_read=True),),
    "claim-add": (Address("get", "add", "", "document"), Address("post", "add", "", "document")),
    "claim-merge": (Address("get", "add", "", "document"), Address("post", "add", "", "document")),
    "claim-split": (
        Address("get", "add", HERE, "claim"),
        Address("post", "add", HERE, "claim"),
    ),
    "bulk": (Address("get", "bulk"), Address("post", "bulk")),
    "batches": (Address("get", "bulk"),),
    "batch": (Address("get", "bulk", "", "batch"),),
    "batch-go-on": (Address("post", "bulk", HERE, "batch"),),
    "batch-undo": (Address("post", "bulk", HERE, "batch"),),
    "bench-names-inbox": (Address("get", "rule_on_names"), Address("post", "rule_on_names")),
    "bench-undo-name": (Address("post", "rule_on_names", EVERYWHERE, "ruling"),),
    "bench-extractions": (Address("get", "see_progress"),),
    "bench-extraction": (Address("get", "see_progress", "", "version"),),
    "bench-difference": (Address("get", "see_progress", "", "difference"),),
    "bench-lost": (Address("get", "see_progress"),),
    "bench-extract-again": (Address("post", "manage", EVERYWHERE),),
    "bring": (Address("get", "bring_in"), Address("post", "bring_in")),
    "bring-result": (Address("get", "bring_in", HERE, "intake"),),
    "bring-large": (Address("get", "bring_in", "", "large_file"),),
    "bring-complete-all": (Address("post", "bring_in", HERE, "intake"),),
    "bring-complete": (Address("post", "bring_in", HERE, "item"),),
    "bring-again": (Address("post", "bring_in", HERE, "item"),),
    "exports": (
        Address("get", "export"),
        Address("post", "export", data=lambda scene: {"table": "claims", "format": "csv"}),
    ),
    "api:exports": (
        Address("get", "export"),
        Address(
            "post",
            "export",
            data=lambda scene: {"table": "claims", "format": "csv"},
            as_json=True,
        ),
    ),
    "releases": (
        Address(
            "post",
            "manage",
            EVERYWHERE,
            data=lambda scene: {"title": "Spring", "licence": "CC BY 4.0"},
            open_to_read=True,
        ),
    ),
    "release-again": (Address("post", "manage", EVERYWHERE, "release"),),
    "release-remove": (Address("post", "manage", EVERYWHERE, "release"),),
    "webhooks": (Address("get", "export"), Address("post", "export")),
    "webhook": (Address("get", "export", "", "webhook"), Address("post", "export", "", "webhook")),
    "webhook-replay": (Address("post", "export", "", "webhook"),),
    "api:webhook-list": (
        Address("get", "export"),
        Address("post", "export", as_json=True),
    ),
    "api:webhook-detail": (
        Address("get", "export", "", "webhook"),
        Address("delete", "export", "", "webhook", as_json=True),
    ),
    "api:webhook-deliveries": (Address("get", "export", "", "webhook"),),
    "api:webhook-replay": (Address("post", "export", "", "webhook", as_json=True),),
    "sources": (Address("get", "manage", EVERYWHERE),),
    "source-add": (Address("get", "manage", EVERYWHERE), Address("post", "manage", EVERYWHERE)),
    "sources-import": (Address("get", "manage", EVERYWHERE), Address("post", "manage", EVERYWHERE)),
    "sources-opml": (Address("get", "manage", EVERYWHERE),),
    "source-feed": (
        Address("get", "manage", EVERYWHERE, "feed"),
        Address("post", "manage", EVERYWHERE, "feed"),
    ),
    "source-edit": (
        Address("get", "manage", EVERYWHERE, "feed"),
        Address("post", "manage", EVERYWHERE, "feed"),
    ),
    "source-item-again": (Address("post", "manage", EVERYWHERE, "filter"),),
    "document-withdraw": (
        Address("get", "manage", EVERYWHERE, "document"),
        Address(
            "post",
            "manage",
            EVERYWHERE,
            "document",
            lambda scene: {"because": "A court says so.", "sure": "on"},
        ),
    ),
    "document-warc": (Address("get", "export", "", "document"),),
    "progress": (Address("get", "see_progress"),),
    "agreement": (Address("get", "see_progress"),),
    "api-keys": (Address("get", "read"), Address("post", "read")),
    "all-api-keys": (Address("get", "manage", EVERYWHERE),),
    "operations": (Address("get", "manage", EVERYWHERE),),
    "operations-wake": (Address("post", "manage", EVERYWHERE),),
    "operations-again": (Address("post", "manage", EVERYWHERE, "queue"),),
    "api-key-revoke": (Address("post", "manage", EVERYWHERE, "key"),),
    "api-key-rate": (Address("post", "manage", EVERYWHERE, "key", lambda scene: {"rate": 10}),),
    "bench-people": (
        Address("get", "manage"),
        Address(
            "post",
            "manage",
            data=lambda scene: {"username": "new", "role": "reader", "conflict": "", "do": "give"},
        ),
    ),
    "bench-membership": (
        Address("post", "manage", HERE, "member", lambda scene: {"role": "analyst"}),
    ),
    "bench-account": (Address("post", "manage", HERE, "invited", lambda scene: {"do": "link"}),),
    "bench-policies": (
        Address("get", "manage"),
        Address(
            "post",
            "manage",
            HERE,
            data=lambda scene: {"conflict": "ukraine", "second_reading": "all", "share": 10},
        ),
        Address(
            "post",
            "manage",
            EVERYWHERE,
            data=lambda scene: {"conflict": "", "second_reading": "all", "share": 10},
        ),
    ),
    **{f"api:export-{table}": (Address("get", "export", "", "ending"),) for table in TABLES},
    "api:claim-decisions": (
        Address(
            "post",
            "decide",
            HERE,
            "claim",
            lambda scene: {"kind": "accept", "version": 1},
            as_json=True,
            open_to_read=True,
        ),
    ),
    "api:document-list": (
        Address(
            "post",
            "bring_in",
            HERE,
            data=lambda scene: {
                "text": "Nothing is said here.",
                "publisher": "Example Courier",
                "published": "2023-01-11T18:00:00Z",
                "conflict": "ukraine",
            },
            as_json=True,
            open_to_read=True,
        ),
    ),
}
CASES = [(name, address) for name, many in ADDRESSES.items() for address in many]
# Read by all readers, and written to by nobody.
CATALOGUE = ("conflict", "side", "place", "publisher")
READ = {
    *("home", "town", "town-timetable", "town-drawing", "map", "map-intervals", "changes"),
    "document-changes",
    *("coverage", "documents", "document", "claims", "claim", "speakers", "speaker", "search"),
    *("rules", "about", "keys", "feed", "conflict-feed", "town-feed", "actor-feed"),
    *("api:documentation", "api:schema", "api:town-list", "api:town-detail", "api:town-status"),
    *(f"api:{row}-{kind}" for row in CATALOGUE for kind in ("list", "detail")),
    *("api:town-timeline", "api:claim-list", "api:claim-detail", "api:document-detail"),
    *("api:actor-list", "api:actor-detail", "api:actor-record", "api:status-change-list", "api:"),
    *("api:change-list", "api:claims-deleted"),
    *("release", "api:releases", "api:release", "api:release-file"),
    "api:whoami",
}
# Of one's own account, and the language: tests/config/test_accounts.py.
OWN = {
    "login",
    "account_login",
    "logout",
    "password_change",
    "welcome",
    "set_language",
    "",
    "admin",
}
# What opens one's own account: tests/config/test_second_factors.py.
OWN |= {"mfa_authenticate", "mfa_login_webauthn", "mfa_index", "account_reauthenticate"}
OWN |= {"mfa_reauthenticate", "mfa_reauthenticate_webauthn", "mfa_activate_totp"}
OWN |= {"mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes"}
OWN |= {"mfa_list_webauthn", "mfa_add_webauthn", "mfa_remove_webauthn"}
# Likewise: tests/config/test_oidc.py.
OWN |= {"openid_connect_login", "openid_connect_callback", "identity-off"}
OWN |= {"sessions-end"}  # tests/config/test_sessions.py
OWN |= {"api-key-rotate"}  # nobody else's: tests/claims/access/test_keys_page.py

OWN |= {"export-again", "export-remove"}  # likewise: tests/claims/exports/test_page.py
OWN |= {"api:export", "api:export-file"}  # tests/claims/api/test_export_jobs.py


@pytest.fixture
def scene() -> Scene:
    here = make_conflict()
    make_conflict("sudan", "War in Sudan", ())
    starter, second = make_user("starter", role="administrator"), make_user("second")
    decided, many = make_claim(), make_claim()
    decide(claim=decided, kind="accept", by=starter)
    batch = bulk.start(id=new_id(), kind="accept", versions={many.pk: many.version}, by=starter)
    bulk.go_on(batch)
    brought = intake.bring_text(
        by=starter,
        about=Defaults(
            publisher="Example Courier",
            published=datetime(2023, 1, 11, 18, tzinfo=UTC),
            conflict="ukraine",
        ),
        text="Nothing is said here either.",
    )
    ReviewPolicy.objects.create(conflict=here, second_reading="all")
    contested = make_claim()
    decide(claim=contested, kind="accept", by=starter)
    read_again(claim=contested, kind="reject", by=second, because="not-said")
    ReviewPolicy.objects.all().delete()
    return Scene(
        here=here,
        claim=make_claim(),
        decided=decided,
        contested=contested,
        batch=batch,
        ruling=naming.ignore(kind="actor", name="Nobody's Guard", by=starter).decision,
        intake=brought,
        member=make_user("member", role="reader", conflict=here).memberships.get(),
        invited=managing.invite(username="invited", conflict=here, role="reader", by=starter),
        release=Release.objects.create(
            number=1, title="Spring", licence="CC BY 4.0", by=starter, state="failed", error="No."
        ),
        key=keys.make(by=starter, name="nightly", scopes=["read"])[0],
    )


@dataclass(frozen=True)
class Subject:
    """Who asks, with which role where; `user` None: nobody."""

    user: User | None
    role: str = ""
    where: str = ""

    def may(self, address: Address) -> bool:
        if self.user is None or not self.user.is_active:
            return False
        if self.user.is_superuser:
            return True
        if not self.role or not TABLE[address.action][ROLES.index(self.role)]:
            return False
        return not address.where or self.where in (address.where, EVERYWHERE)


def subjects(here: Conflict) -> Iterator[Subject]:
    yield Subject(None)
    yield Subject(make_user("of-no-role", role="", is_staff=False))
    yield Subject(make_user("root", superuser=True))
    yield Subject(make_user("gone", superuser=True, is_active=False))
    places = {HERE: here, ELSEWHERE: Conflict.objects.get(slug="sudan"), EVERYWHERE: None}
    for role in ROLES:
        for where, conflict in places.items():
            user = make_user(f"{role}-{where}", role=role, conflict=conflict, is_staff=False)
            yield Subject(user, role, where)


def client_of(subject: Subject) -> Client:
    client = Client(raise_request_exception=False)  # a failure is told with all that is wrong
    if subject.user is not None:
        client.force_login(subject.user)
    return client


def ask(client: Client, method: str, url: str, data: dict[str, Any], *, as_json: bool) -> Any:
    if as_json and method != "get":
        return getattr(client, method)(url, json.dumps(data), content_type="application/json")
    return getattr(client, method)(url, data)


def refused(response: Any) -> bool:
    """Told that it is not permitted, or to say who asks, or led to log in."""
    to_log_in = response.status_code == 302 and response["Location"].startswith("/login/")
    return response.status_code in (401, 403) or to_log_in


def test_every_address_is_for_those_in_the_table(scene: Scene) -> None:
    everybody = [(subject, client_of(subject)) for subject in subjects(scene.here)]
    wrong = []
    for name, address in CASES:
        url, data = reverse(name, args=scene.of(address.of)), address.data(scene)
        for subject, client in everybody:
            with transaction.atomic():  # each asks of the same rows
                answer = ask(client, address.method, url, data, as_json=address.as_json)
                through = address.done() if address.done else not refused(answer)
                transaction.set_rollback(True)
            if answer.streaming:
                answer.getvalue()  # to its end, where its file is closed
            broken = answer.status_code >= 500 or answer.status_code == 405
            if broken or through is not subject.may(address):
                wrong.append((name, address.method, str(subject.user), answer.status_code))
    assert wrong == []


def test_no_other_method_is_a_way_round(scene: Scene) -> None:
    low = Subject(make_user("low", role="reader", is_staff=False), "reader", EVERYWHERE)
    pair = [(subject, client_of(subject)) for subject in (Subject(None), low)]
    wrong = []
    for name, many in ADDRESSES.items():
        url = reverse(name, args=scene.of(many[0].of))
        others = {"get", "post", "put", "patch", "delete"} - {each.method for each in many}
        for method in others - ({"get"} if many[0].open_to_read else set()):
            for subject, client in pair:
                answer = ask(client, method, url, {}, as_json=many[0].as_json)
                if not refused(answer) and answer.status_code != 405:
                    wrong.append((name, method, str(subject.user), answer.status_code))
    assert wrong == []


def test_reading_is_for_everybody_or_for_roles(scene: Scene, settings: Any) -> None:
    """The first page and the API's first list; tests/config/test_access.py has more."""
    everybody = [(subject, client_of(subject)) for subject in subjects(scene.here)]
    for public in (True, False):
        settings.PUBLIC_READING = public
        for subject, client in everybody:
            for url in ("/", "/api/v1/towns/", f"/claims/{scene.claim.pk}/"):
                open_to = public or subject.may(Address("get", "read"))
                assert refused(client.get(url)) is not open_to, (url, subject)


def names(patterns: list[Any], space: str = "") -> Iterator[str]:
    """Of all addresses; those of the admin are one, which looks after itself."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = pattern.namespace or ""
            if inner == "admin":
                yield "admin"
            else:
                yield from names(pattern.url_patterns, f"{space}{inner}:" if inner else space)
        elif isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name or ''}"


def test_every_address_of_the_project_is_in_a_table() -> None:
    found = set(names(get_resolver().url_patterns))
    assert found - set(ADDRESSES) - READ - OWN == set()
    assert (set(ADDRESSES) | READ | OWN) - found == set()


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_what_is_only_read_is_written_to_by_nobody(
    client: Client, scene: Scene, method: str
) -> None:
    client.force_login(make_user("root", superuser=True))
    town = scene.claim.place
    arguments: dict[str, list[Any]] = {
        **{name: [town.slug, town.short_id] for name in READ if name.startswith("town")},
        **{name: [scene.claim.document_id] for name in ("document", "document-changes")},
        **{name: [scene.release.pk] for name in ("release", "api:release")},
        "api:release-file": [scene.release.pk, "claims.csv"],
        "claim": [scene.claim.pk],
        "speaker": ["wagner-group"],
        "actor-feed": ["wagner-group"],
        "conflict-feed": ["ukraine"],
        **{name: [town.pk] for name in READ if re.match("api:town-(?!list)", name)},
        **{f"api:{row}-detail": ["ukraine"] for row in CATALOGUE},
        "api:claim-detail": [scene.claim.pk],
        "api:document-detail": [scene.claim.document_id],
    }
    actor = scene.claim.claimant
    assert actor is not None
    for name in sorted(READ - {"api:"}):
        if name.startswith("api:actor-") and name != "api:actor-list":
            arguments[name] = [actor.pk]
        url = reverse(name, args=arguments.get(name, []))
        assert getattr(client, method)(url).status_code == 405, name


def test_every_address_refuses_a_form_from_elsewhere(scene: Scene) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user("root", superuser=True))
    for name, many in ADDRESSES.items():
        for address in many:
            if address.method == "post":
                url = reverse(name, args=scene.of(address.of))
                answer = ask(client, "post", url, address.data(scene), as_json=address.as_json)
                assert answer.status_code == 403, name
