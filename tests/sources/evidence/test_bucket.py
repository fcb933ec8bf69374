"""Evidence in a bucket of S3-compatible storage, against a server of its protocol."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import boto3
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.utils import timezone
from moto.server import ThreadedMotoServer
from pytest_django import DjangoCaptureOnCommitCallbacks

from sources import evidence
from sources.evidence import verifying
from sources.evidence.objects import object_name, pack, put
from sources.models import Document, StoredBytes
from sources.withdrawals import write_down_lacking, written_down
from tests.factories import make_document, make_user

ROOT = Path(__file__).resolve().parents[3]
PAGE = b"<p>The Wagner Group says that its men have taken Soledar.</p>"
KEYS = {"access_key": "evidence-key", "secret_key": "not a real secret"}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of a storage that runs on this machine."""
    started = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    started.start()
    host, port = started.get_host_and_port()
    yield f"http://{host}:{port}"
    started.stop()


@pytest.fixture
def bucket(server: str) -> Iterator[Any]:
    """An empty bucket, as the storage's owner sees it."""
    storage = boto3.resource(
        "s3",
        endpoint_url=server,
        aws_access_key_id=KEYS["access_key"],
        aws_secret_access_key=KEYS["secret_key"],
        region_name="us-east-1",
    )
    made = storage.create_bucket(Bucket="evidence")
    yield made
    made.objects.all().delete()
    made.delete()


def use(settings: Any, server: str, **options: Any) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "evidence": {
            "BACKEND": "sources.evidence.bucket.Bucket",
            "OPTIONS": {
                "bucket_name": "evidence",
                "endpoint_url": server,
                "region_name": "us-east-1",
                "location": "claims/kept",
                **KEYS,
                **options,
            },
        },
    }


@pytest.fixture
def used(settings: Any, server: str, bucket: Any) -> Any:
    use(settings, server)
    return bucket


def keys(bucket: Any) -> list[str]:
    return sorted(one.key for one in bucket.objects.all())


@pytest.mark.django_db
def test_what_is_received_is_an_object_under_its_hash(used: Any) -> None:
    stored = evidence.keep_upload("page.html", PAGE).bytes
    assert keys(used) == [f"claims/kept/{object_name(stored.sha256)}"]
    kept = used.Object(keys(used)[0]).get()
    assert gzip.decompress(kept["Body"].read()) == PAGE
    assert kept["ContentType"] == "application/gzip"
    assert "ContentEncoding" not in kept  # else those who fetch it would unpack it unasked
    assert evidence.content(stored) == PAGE


@pytest.mark.django_db
def test_withdrawals_are_written_down_there_too(used: Any) -> None:
    document = make_document("Soledar is quiet.")
    by = make_user("chief", superuser=True)
    assert list(written_down()) == []
    said = {"withdrawn_at": timezone.now(), "withdrawn_by": by, "withdrawn_because": "Law."}
    Document.objects.filter(pk=document.pk).update(text="", title="", **said)
    assert write_down_lacking() == [document.pk]
    assert keys(used) == [f"claims/kept/withdrawn/{document.pk}.json.gz"]
    (found,) = written_down()
    assert (found.document, found.by, found.because) == (str(document.pk), "chief", "Law.")
    assert write_down_lacking() == []
    assert [batch.faults for batch in verifying.objects("", None) if batch.faults] == []


@pytest.mark.django_db
def test_large_bytes_go_through_whole(used: Any) -> None:
    large = os.urandom(9_000_000)  # in several parts, and not in memory when read
    stored = evidence.keep_upload("large.pdf", large).bytes
    assert evidence.content(stored) == large


@pytest.mark.django_db
def test_what_the_bucket_has_lost_is_missing_and_put_back(used: Any) -> None:
    stored = evidence.keep_upload("page.html", PAGE).bytes
    used.objects.all().delete()
    with pytest.raises(FileNotFoundError):
        evidence.content(stored)
    evidence.keep_upload("page.html", PAGE)
    assert evidence.content(stored) == PAGE


@pytest.mark.django_db
def test_a_bucket_is_verified_like_a_folder(used: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    kept, lost = (evidence.keep_upload("a", content).bytes_id for content in (b"a", b"lost"))
    orphan = "ab" * 32
    put(orphan, pack(b"orphan"))
    used.Object(f"claims/kept/{object_name(lost)}").delete()
    used.put_object(Key="another program's", Body=b"outside of our part of the bucket")
    told = StringIO()
    with pytest.raises(CommandError, match="1 wrong"):  # the orphan is too young to tell
        call_command("verify_evidence", "--only=bytes", "--only=objects", stderr=told)
    assert told.getvalue() == f"bytes {lost}: missing from the storage\n"
    monkeypatch.setattr(verifying, "SETTLED", timedelta(seconds=-60))
    told = StringIO()
    with pytest.raises(CommandError, match="1 wrong"):
        call_command("verify_evidence", "--only=objects", "--remove", stderr=told)
    assert told.getvalue() == (f"{object_name(orphan)}: no row knows it; it has been removed\n")
    assert keys(used) == ["another program's", f"claims/kept/{object_name(kept)}"]


@pytest.mark.django_db
def test_a_withdrawn_objects_last_copy_goes(
    used: Any, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    document = make_document()
    snapshot = evidence.keep_upload("page.html", PAGE)
    snapshot.document = document
    snapshot.save(update_fields=["document"])
    with django_capture_on_commit_callbacks(execute=True):
        evidence.withdraw_bytes(document)
    assert keys(used) == []


@pytest.mark.django_db
def test_a_bucket_that_is_not_there_takes_nothing(settings: Any, server: str, bucket: Any) -> None:
    use(settings, server, bucket_name="none")
    with pytest.raises(OSError, match=r"bucket .*NoSuchBucket"):
        evidence.keep_upload("page.html", PAGE)
    assert not StoredBytes.objects.exists()


@pytest.mark.django_db
def test_a_storage_that_does_not_answer_takes_nothing(settings: Any) -> None:
    use(settings, "http://127.0.0.1:9")
    with pytest.raises(OSError, match="cannot be used"):
        evidence.keep_upload("page.html", PAGE)
    assert not StoredBytes.objects.exists()


def test_listing_and_times_are_as_of_a_folder(used: Any) -> None:
    storage = storages["evidence"]
    storage.save("ab/one.gz", ContentFile(b"1"))
    storage.save("cd/two.gz", ContentFile(b"2"))
    assert storage.listdir("") == (["ab", "cd"], [])
    assert storage.listdir("ab") == ([], ["one.gz"])
    assert storage.listdir("ef") == ([], [])
    assert abs(storage.get_modified_time("ab/one.gz") - timezone.now()) < timedelta(minutes=5)
    assert storage.exists("ab/one.gz")
    storage.delete("ab/one.gz")
    storage.delete("ab/one.gz")
    assert not storage.exists("ab/one.gz")
    with pytest.raises(FileNotFoundError):
        storage.get_modified_time("ab/one.gz")
    with pytest.raises(FileNotFoundError):
        storage.open("ab/one.gz")


def test_the_environment_names_the_bucket(server: str, bucket: Any, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("not a real secret\n")
    keeps = (
        "import django; django.setup()\n"
        "from sources.evidence.objects import put\n"
        "put('ab' * 32, b'packed')\n"
    )
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("CLAIMS_")
    }
    environment |= {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "CLAIMS_EVIDENCE_S3_BUCKET": "evidence",
        "CLAIMS_EVIDENCE_S3_ENDPOINT": server,
        "CLAIMS_EVIDENCE_S3_REGION": "us-east-1",
        "CLAIMS_EVIDENCE_S3_PREFIX": "here",
        "CLAIMS_EVIDENCE_S3_KEY": "evidence-key",
        "CLAIMS_EVIDENCE_S3_SECRET_FILE": str(secret),
    }
    subprocess.run(
        [sys.executable, "-c", keeps], cwd=ROOT, env=environment, check=True, timeout=120
    )
    assert keys(bucket) == [f"here/{object_name('ab' * 32)}"]
