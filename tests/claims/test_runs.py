"""The row is the job: who gets a run, how it ends, and that nothing is lost or done twice."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims import runs, tasks
from claims.extraction.records import EXTRACTOR_VERSION, Article, Extraction, Suggestion
from claims.models import Claim, DueTown, ExtractionRun, StatusInterval
from entities.models import Load
from sources.models import Document
from tests.claims.made_up import captured
from tests.factories import make_actor, make_document, make_place

pytestmark = pytest.mark.django_db


class Reader:
    """Stands for the extractor: finds one claim in each article, or does what it is told."""

    def __init__(self) -> None:
        self.read: list[str] = []
        self.error: Exception | None = None
        self.skipped: str | None = None
        self.suggestions: tuple[Suggestion, ...] = ()
        self.meanwhile: Any = lambda: None

    def extract(self, articles: Iterable[Article]) -> Iterator[Extraction]:
        for article in articles:
            self.read.append(article.text)
            self.meanwhile()
            if self.error:
                raise self.error
            claims = () if self.skipped else (captured(article),)
            yield Extraction(article, claims, self.skipped, self.suggestions)


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Reader:
    make_place()
    make_actor()
    reader = Reader()
    monkeypatch.setattr(runs, "extractor", lambda: reader)
    return reader


@pytest.fixture
def run(reader: Reader) -> ExtractionRun:
    return ExtractionRun.objects.create(
        document=make_document(), extractor_version=EXTRACTOR_VERSION
    )


def test_every_document_gets_one_run_of_this_version() -> None:
    document = make_document()
    ExtractionRun.objects.create(document=document, extractor_version="an older one")
    assert runs.open_runs() == 1
    assert runs.open_runs() == 0
    assert list(document.runs.order_by("id").values_list("extractor_version", "state")) == [
        ("an older one", "waiting"),
        (EXTRACTOR_VERSION, "waiting"),
    ]


def test_a_sweep_looks_at_new_documents_and_the_first_of_an_hour_at_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[timedelta | None] = []

    def note(since: datetime | None = None) -> int:
        asked.append(None if since is None else timezone.now() - since)
        return 0

    monkeypatch.setattr(runs, "open_runs", note)
    cache.clear()
    runs.open_new_runs()
    runs.open_new_runs()
    first, second = asked
    assert first is None
    assert second is not None
    assert timedelta(hours=2) <= second < timedelta(hours=3)


def test_documents_are_as_new_as_their_ids() -> None:
    document = make_document()
    made = datetime.fromtimestamp((document.pk.int >> 80) / 1000, UTC)
    assert runs.open_runs(since=made + timedelta(milliseconds=1)) == 0
    assert runs.open_runs(since=made) == 1


def test_a_run_ends_with_its_claims_and_their_towns_status(
    run: ExtractionRun, reader: Reader
) -> None:
    ended = runs.extract(run.id)
    assert ended is not None
    assert (ended.state, ended.attempts, ended.error, ended.leased_until) == ("done", 1, "", None)
    assert ended.finished_at is not None
    (claim,) = Claim.objects.all()
    assert (claim.label, claim.state) == ("Wagner Group: Soledar captured", "pending")
    assert claim.extractor_version == EXTRACTOR_VERSION
    (interval,) = StatusInterval.objects.all()
    assert (interval.status, interval.include_pending) == ("claimed", True)


def test_unknown_names_are_kept_with_the_run(run: ExtractionRun, reader: Reader) -> None:
    reader.suggestions = (
        Suggestion("place", "Ostermark", 0, 6, "town"),
        Suggestion("actor", "Piet Amsel", 0, 6, "speaker", of="Armed Forces of Norland"),
    )
    runs.extract(run.id)
    told = [(one.name, one.label, one.sentence) for one in run.suggestions.all()]
    sentence = run.document.text[:6]
    assert told == [
        ("Ostermark", "a town", sentence),
        ("Piet Amsel", "a speaker for Armed Forces of Norland", sentence),
    ]


def test_another_reading_replaces_the_unknown_names(run: ExtractionRun, reader: Reader) -> None:
    reader.suggestions = (Suggestion("place", "Ostermark", 0, 6, "town"),)
    runs.extract(run.id)
    ExtractionRun.objects.all().wait_again()
    reader.suggestions = (Suggestion("place", "Velm", 0, 6, "town"),)
    runs.extract(run.id)
    assert [one.name for one in run.suggestions.all()] == ["Velm"]


def test_a_message_that_comes_twice_does_nothing_twice(run: ExtractionRun, reader: Reader) -> None:
    tasks.extract(run.id)
    tasks.extract(run.id)
    assert len(reader.read) == 1
    assert Claim.objects.count() == 1


def test_of_two_workers_one_gets_the_run(run: ExtractionRun) -> None:
    assert runs.take([run.id]) == [run]
    assert runs.take([run.id]) == []


def test_a_lost_workers_run_is_taken_again_when_its_lease_ends(
    run: ExtractionRun, reader: Reader
) -> None:
    assert runs.take([run.id]) == [run]
    assert runs.due() == []
    ExtractionRun.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert runs.due() == [[run.id]]
    ended = runs.extract(run.id)
    assert ended is not None
    assert (ended.state, ended.attempts) == ("done", 2)


def test_a_worker_whose_lease_ran_out_writes_nothing(run: ExtractionRun, reader: Reader) -> None:
    def lose() -> None:
        ExtractionRun.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
        assert runs.take([run.id]) == [run]

    reader.meanwhile = lose
    ended = runs.extract(run.id)
    assert ended is not None
    run.refresh_from_db()
    assert (run.state, run.attempts) == ("running", 2)
    assert Claim.objects.count() == 0


@pytest.mark.parametrize("error", [ValueError("no"), OperationalError("gone")])
def test_a_late_workers_error_does_not_end_anothers_run(
    run: ExtractionRun, reader: Reader, error: Exception
) -> None:
    def lose() -> None:
        ExtractionRun.objects.update(attempts=2)

    reader.meanwhile, reader.error = lose, error
    runs.extract(run.id)
    run.refresh_from_db()
    assert (run.state, run.error) == ("running", "")


def test_a_run_that_never_ends_is_given_up(
    run: ExtractionRun, reader: Reader, settings: Any
) -> None:
    settings.EXTRACTION_ATTEMPTS = 3
    for _ in range(3):
        assert runs.take([run.id]) == [run]
        ExtractionRun.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    ended = runs.extract(run.id)
    assert ended is not None
    assert (ended.state, ended.error) == (
        "failed",
        "gave up: 3 attempts ended without a result",
    )
    assert reader.read == []
    assert runs.due() == []


def test_a_failure_for_good_stands_on_the_row_and_writes_nothing(
    run: ExtractionRun, reader: Reader, caplog: pytest.LogCaptureFixture
) -> None:
    reader.error = ValueError("a text that cannot be read")
    ended = runs.extract(run.id)
    assert ended is not None
    assert (ended.state, ended.error) == ("failed", "ValueError: a text that cannot be read")
    assert Claim.objects.count() == 0
    assert f"Extraction of document {run.document_id} failed" in caplog.text


def test_claims_and_state_are_written_together_or_not_at_all(
    run: ExtractionRun, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(places: object) -> None:
        raise ValueError("no status")

    monkeypatch.setattr(runs, "derive", fail)
    ended = runs.extract(run.id)
    assert ended is not None
    assert (ended.state, ended.error) == ("failed", "ValueError: no status")
    assert Claim.objects.count() == 0


def test_a_passing_failure_is_tried_again_later_and_later(
    run: ExtractionRun, reader: Reader, settings: Any
) -> None:
    reader.error = OperationalError("the connection is closed")
    for attempt, first, last in ((1, 2.5, 7.5), (2, 5, 15), (3, 10, 30)):
        before = timezone.now()
        ended = runs.extract(run.id)
        assert ended is not None
        assert (ended.state, ended.error) == ("waiting", "the connection is closed")
        assert ended.attempts == attempt
        assert ended.leased_until is not None
        assert first <= (ended.leased_until - before).total_seconds() <= last + 5
        assert runs.due() == []
    reader.error = None
    ended = runs.extract(run.id)
    assert ended is not None
    assert (ended.state, ended.error) == ("done", "")


def test_waits_have_a_cap(run: ExtractionRun, reader: Reader, settings: Any) -> None:
    settings.EXTRACTION_ATTEMPTS = 99
    ExtractionRun.objects.update(attempts=20)
    reader.error = OperationalError("gone")
    before = timezone.now()
    ended = runs.extract(run.id)
    assert ended is not None
    assert ended.leased_until is not None
    assert 300 <= (ended.leased_until - before).total_seconds() <= 905


def test_a_document_that_is_set_aside_says_why(run: ExtractionRun, reader: Reader) -> None:
    reader.skipped = "not in English"
    ended = runs.extract(run.id)
    assert ended is not None
    assert (ended.state, ended.skipped) == ("done", "not in English")


def test_without_a_parsing_model_the_run_waits(
    run: ExtractionRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> None:
        raise OSError("no model")

    monkeypatch.setattr(runs, "extractor", missing)
    with pytest.raises(OSError, match="no model"):
        runs.extract(run.id)
    run.refresh_from_db()
    assert (run.state, run.attempts) == ("waiting", 0)


def test_a_sweep_announces_each_run_once_for_a_while(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[int] = []
    monkeypatch.setattr(tasks.extract, "delay", lambda *ids: sent.extend(ids))
    documents = [make_document(f"Text {number}.") for number in range(3)]
    tasks.sweep()
    tasks.sweep()
    assert [ExtractionRun.objects.get(id=id_).document for id_ in sent] == documents
    ExtractionRun.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    tasks.sweep()
    assert sent[3:] == sent[:3]


def waiting_runs(number: int) -> list[ExtractionRun]:
    documents = [make_document(f"Text {index}.") for index in range(number)]
    runs.open_runs()
    return [ExtractionRun.objects.get(document=document) for document in documents]


def test_several_documents_are_announced_together_the_last_in_smaller_parts(
    reader: Reader,
) -> None:
    ids = [run.id for run in waiting_runs(36)]
    assert runs.due() == [ids[:16], ids[16:26], ids[26:31], ids[31:35], ids[35:]]


def test_long_ones_and_those_tried_before_are_announced_alone(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "CHARACTERS", 20)
    long = make_document("A text of more than twenty characters.")
    runs.open_runs()
    tried, *short = waiting_runs(4)
    ExtractionRun.objects.filter(id=tried.id).update(attempts=1)
    # Two of seven characters are twenty at most, three are not.
    assert runs.due() == [
        [tried.id],
        [long.runs.get().id],
        [one.id for one in short[:2]],
        [short[2].id],
    ]


def test_documents_that_are_read_together_take_as_many_queries_as_one(
    reader: Reader, django_assert_num_queries: Any
) -> None:
    ids = [run.id for run in waiting_runs(6)]
    runs.extract(ids.pop())  # what is made once is there
    with CaptureQueriesContext(connection) as alone:
        assert runs.extract_all(ids[:1])[0].state == "done"
    with django_assert_num_queries(len(alone)):
        ended = runs.extract_all(ids[1:4])
    assert [run.state for run in ended] == ["done"] * 3
    assert Claim.objects.count() == 5


def test_of_documents_that_are_read_together_one_that_fails_takes_no_other_with_it(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, bad, last = waiting_runs(3)

    def refuse() -> None:
        if reader.read[-1] == bad.document.text:
            raise ValueError("no")

    reader.meanwhile = refuse
    ended = runs.extract_all([first.id, bad.id, last.id])
    assert [(run.id, run.state, run.error, run.attempts) for run in ended] == [
        (first.id, "done", "", 1),
        (bad.id, "failed", "ValueError: no", 1),
        (last.id, "done", "", 1),
    ]
    assert [claim.document for claim in Claim.objects.order_by("id")] == [
        first.document,
        last.document,
    ]


def test_of_documents_that_are_read_together_those_of_another_worker_are_left_to_it(
    reader: Reader,
) -> None:
    mine, others = waiting_runs(2)

    def lose() -> None:
        ExtractionRun.objects.filter(id=others.id).update(attempts=2)

    reader.meanwhile = lose
    ended = runs.extract_all([mine.id, others.id])
    assert {run.id: run.state for run in ended} == {mine.id: "done", others.id: "running"}
    others.refresh_from_db()
    assert (others.state, others.attempts) == ("running", 2)
    assert [claim.document for claim in Claim.objects.all()] == [mine.document]


def test_what_was_not_committed_is_not_told_of_as_a_change(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    (run,) = waiting_runs(1)
    put = runs._put

    def fail_at_the_end(some: Any, *fields: str) -> None:
        put(some, *fields)
        if "changes" in fields:
            raise OperationalError("the connection is closed")

    monkeypatch.setattr(runs, "_put", fail_at_the_end)
    (ended,) = runs.extract_all([run.id])
    run.refresh_from_db()
    assert (ended.state, ended.changes) == (run.state, run.changes) == ("waiting", {})
    assert Claim.objects.count() == 0


def test_while_more_documents_wait_their_towns_stay_due(reader: Reader) -> None:
    first, last = waiting_runs(2)
    runs.extract(first.id)
    assert StatusInterval.objects.count() == 0
    assert DueTown.objects.exists()
    runs.extract(last.id)
    (interval,) = StatusInterval.objects.all()
    assert interval.status == "claimed"
    assert not DueTown.objects.exists()


def test_the_last_of_those_who_read_at_once_has_the_towns_derived(
    reader: Reader, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[bool] = []
    monkeypatch.setattr(runs, "wake_derivation", lambda: woken.append(True))
    first, last, lost = waiting_runs(3)
    minute = timedelta(minutes=1)
    anothers = {"state": "running", "attempts": 1}
    ExtractionRun.objects.filter(pk=last.pk).update(
        **anothers, leased_until=timezone.now() + minute
    )
    ExtractionRun.objects.filter(pk=lost.pk).update(
        **anothers, leased_until=timezone.now() - minute
    )
    with django_capture_on_commit_callbacks() as at_the_end:
        runs.extract(first.id)
    assert StatusInterval.objects.count() == 0
    at_the_end[-1]()
    assert woken == []
    # The other one has ended in the meantime, and could not see that this one had.
    ExtractionRun.objects.filter(pk=last.pk).update(
        state="done", leased_until=None, finished_at=timezone.now()
    )
    at_the_end[-1]()
    assert woken == [True]


def test_the_last_of_a_queue_wakes_whoever_derives_the_others_towns(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[bool] = []
    monkeypatch.setattr(runs, "wake_derivation", lambda: woken.append(True))
    (run,) = waiting_runs(1)
    DueTown.objects.create(place=make_place("Bakhmut"))
    runs.extract(run.id)
    assert woken == [True]


def test_names_are_read_again_only_after_they_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    class Loaded(str):
        def settle(self) -> None: ...

    def make(model: str, names: str) -> Loaded:
        made.append(names)
        return Loaded(f"{names} {len(made)}")

    monkeypatch.setattr("claims.extraction.model.load_model", lambda path: "model")
    monkeypatch.setattr(runs, "lexicon_from_database", lambda: "names")
    monkeypatch.setattr("claims.extraction.pipeline.Extractor", make)
    runs._extractor.cache_clear()
    try:
        assert [str(runs.extractor()) for _ in range(2)] == ["names 1"] * 2
        Load.objects.create(source="packs", digest="0")
        assert [str(runs.extractor()) for _ in range(2)] == ["names 2"] * 2
    finally:
        runs._extractor.cache_clear()


def process(**options: Any) -> tuple[str, str]:
    out, errors = StringIO(), StringIO()
    try:
        call_command("process", stdout=out, stderr=errors, **options)
    except CommandError as error:
        return out.getvalue(), f"{errors.getvalue()}CommandError: {error}"
    return out.getvalue(), errors.getvalue()


def test_process_does_what_waits(reader: Reader) -> None:
    make_document("One."), make_document("Two.")
    assert process() == ("2 documents, 2 claims, 0 set aside, 0 to be tried again, 0 failed\n", "")
    assert process() == ("0 documents, 0 claims, 0 set aside, 0 to be tried again, 0 failed\n", "")


def test_process_does_what_was_announced_to_absent_workers(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks.extract, "delay", lambda *ids: None)
    make_document("One.")
    tasks.sweep()
    assert process()[0].startswith("1 documents, 1 claims")


def test_process_can_be_limited_and_repeated(reader: Reader) -> None:
    documents = [make_document(f"Text {number}.") for number in range(3)]
    assert process(limit=2)[0].startswith("2 documents, 2 claims")
    assert reader.read == [document.text for document in documents[:2]]
    assert process(version_again=True)[0].startswith("3 documents, 3 claims")
    assert Claim.objects.count() == 3
    assert process(limit=0)[1] == "CommandError: --limit must be 1 or more"


def test_process_says_what_failed_and_what_was_set_aside(reader: Reader) -> None:
    reader.error = ValueError("not\nreadable")
    make_document("One.", title="First")
    assert process() == (
        "1 documents, 0 claims, 0 set aside, 0 to be tried again, 1 failed\n",
        "First: failed: ValueError: not readable\n"
        "CommandError: 1 of 1 gave no result (named above)",
    )
    reader.error, reader.skipped = None, "not in English"
    make_document("Two.", title="Second")
    assert process() == (
        "Second: set aside: not in English\n"
        "1 documents, 0 claims, 1 set aside, 0 to be tried again, 0 failed\n",
        "",
    )


def test_process_without_a_parsing_model_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise OSError("nothing at model/")

    make_document()
    monkeypatch.setattr(runs, "extractor", missing)
    assert process() == ("", "CommandError: no parsing model: nothing at model/")
    assert Document.objects.count() == 1


def test_who_never_extracts_does_not_load_the_parser() -> None:
    program = (
        "import sys, django; django.setup(); import claims.tasks, claims.views, claims.admin;"
        "print('spacy' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"
