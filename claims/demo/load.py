"""The demo: short documents that retell the public record, read by the ordinary extraction,
and the decisions that a demo editor took on the claims found in them."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from django.contrib.auth.models import Permission, User
from django.db import transaction

from claims import runs
from claims.derive import derive_due
from claims.extraction.records import EXTRACTOR_VERSION
from claims.models import Claim, ExtractionRun, Membership
from claims.review.decisions import decide
from entities.models import Load
from sources.adapters import Defaults, RawDocument, Unreadable, read
from sources.ingest import store
from sources.models import Document

FOLDER = Path(__file__).parent
DOCUMENTS, DECISIONS = FOLDER / "documents.jsonl", FOLDER / "decisions.jsonl"
SOURCE = "demo"
EDITOR = "demo-editor"


@dataclass(frozen=True, slots=True)
class Loaded:
    """Counts for the report; `unmatched` are decisions whose claim was not found, which
    happens where another parsing model reads the texts otherwise."""

    documents: int
    claims: int
    decisions: int
    unmatched: tuple[str, ...] = ()


def digest() -> str:
    return hashlib.sha256(
        EXTRACTOR_VERSION.encode() + DOCUMENTS.read_bytes() + DECISIONS.read_bytes()
    ).hexdigest()


def is_loaded() -> bool:
    return Load.objects.filter(source=SOURCE, digest=digest()).exists()


def load() -> Loaded:
    """Ingest, extract and decide; what is there already is left as it is.

    Raises RuntimeError where a document cannot be read or extracted.
    """
    documents = [_ingest(item) for item in read(str(DOCUMENTS), Defaults())]
    runs.open_runs()
    mine = ExtractionRun.objects.filter(
        document__in=documents, extractor_version=EXTRACTOR_VERSION
    ).exclude(state=ExtractionRun.State.DONE)
    for run in mine.select_related("document"):
        ended = runs.extract(run.pk) or run
        if ended.state != ExtractionRun.State.DONE:
            raise RuntimeError(f"{run.document}: {ended.error or ended.state}")
    decided, unmatched = _decide(documents)
    derive_due()
    Load.objects.update_or_create(source=SOURCE, defaults={"digest": digest()})
    claims = Claim.objects.live().filter(document__in=documents).count()
    return Loaded(len(documents), claims, decided, tuple(unmatched))


def _ingest(item: RawDocument | Unreadable) -> Document:
    if isinstance(item, Unreadable):
        raise RuntimeError(f"{item.where}: {item.reason}")
    return store(item).document


@transaction.atomic
def _decide(documents: list[Document]) -> tuple[int, list[str]]:
    """Take the recorded decisions on claims still pending; those that name no claim of the
    document are returned."""
    editor = demo_editor()
    found: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    claims = Claim.objects.filter(document__in=documents).exclude(state=Claim.State.SUPERSEDED)
    for claim in claims.select_related("document__publisher", "place", "claimant", "subject"):
        found[claim.document.external_id, claim.label].append(claim)
    decided, unmatched = 0, []
    for line in DECISIONS.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        named = found.get((row["document"], row["claim"]))
        if named is None:
            unmatched.append(f"{row['document']}: {row['claim']}")
            continue
        for claim in named:
            if claim.state == Claim.State.PENDING:
                decide(claim=claim, kind=row["kind"], by=editor, reason=row.get("reason", ""))
                decided += 1
    return decided, unmatched


def demo_editor(password: str | None = None) -> User:
    """The demo's editor: an adjudicator of all conflicts, who may look at everything in the admin
    too. Without a password nobody can log in as this user."""
    user, created = User.objects.get_or_create(username=EDITOR, defaults={"is_staff": True})
    if created:
        user.set_unusable_password()
        user.save()
    if password is not None and not user.check_password(password):
        user.set_password(password)
        user.save()
    apps = ["claims", "entities", "sources"]
    user.user_permissions.set(
        Permission.objects.filter(content_type__app_label__in=apps, codename__startswith="view_")
    )
    Membership.objects.update_or_create(
        user=user, conflict=None, defaults={"role": Membership.Role.ADJUDICATOR}
    )
    return user
