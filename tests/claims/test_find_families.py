"""The command that finds families of texts anew."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import call_command

from claims.derive import derive_due
from claims.models import Claim, StatusInterval
from claims.reconcile import fingerprint
from sources.models import Document, TextSample
from tests.claims.test_reconcile import found
from tests.factories import make_claim, make_document

pytestmark = pytest.mark.django_db
QUOTE = "assault units had been driven back from the railway station in Soledar"
TEXT = (
    f"Army holds Soledar after a night of fighting\n\nA spokesman said on Tuesday that {QUOTE}."
    " Residents hid in their cellars through the night, and power was cut in the eastern"
    " streets.\n\nSnow hampered the use of armour, and both sides relied on artillery. The road"
    " was still open in the morning, two drivers told reporters there."
)
COPY = TEXT.replace("Army holds Soledar after a night of fighting", "Snow, shells and silence")


def run() -> str:
    out = StringIO()
    call_command("find_families", stdout=out)
    return out.getvalue().strip()


@pytest.fixture
def copies() -> tuple[Document, Document]:
    """A text and a copy with another headline, ten days later, as they were before near copies
    were looked for; an accepted claim in each."""
    documents = []
    for text, day in ((TEXT, 10), (COPY, 20)):
        published = datetime(2023, 1, day, 12, tzinfo=UTC)
        document = make_document(text, publisher=f"Example {day}", published=published)
        make_claim(
            "holds",
            claimant="Ukraine",
            document=document,
            asserted_on=date(2023, 1, day),
            state=Claim.State.ACCEPTED,
            quote=QUOTE,
        )
        documents.append(document)
    derive_due()
    return documents[0], documents[1]


def test_old_documents_find_their_family_and_their_towns_are_derived(
    copies: tuple[Document, Document],
) -> None:
    first, copy = copies
    interval = StatusInterval.objects.filter(include_pending=False)
    assert interval.get().last_word_by(date.max) == date(2023, 1, 20)
    assert run() == "2 texts, 1 in another family now, 1 towns"
    copy.refresh_from_db()
    assert copy.family == first.family
    assert TextSample.objects.filter(family=copy.own_family_id).exists()
    # The copy's word, ten days later, is none of its own.
    assert interval.get().last_word_by(date.max) == date(2023, 1, 10)


def test_a_second_time_changes_nothing(copies: tuple[Document, Document]) -> None:
    run()
    assert run() == "2 texts, 0 in another family now, 0 towns"


def test_claims_of_a_document_that_joins_a_family_are_found_again(
    copies: tuple[Document, Document],
) -> None:
    copy = copies[1]
    claim = found()
    before = fingerprint(copy, claim)
    run()
    copy.refresh_from_db()
    assert copy.exact_family_id is not None
    assert fingerprint(copy, claim) == before
