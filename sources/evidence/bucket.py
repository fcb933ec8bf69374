"""The storage of evidence in a bucket of S3-compatible storage."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import SpooledTemporaryFile
from typing import Any

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from storages.backends.s3 import S3Storage

IN_MEMORY = 8_000_000  # bytes of an object that is read; more are on disk meanwhile


class Bucket(S3Storage):
    """Objects are there whole or not at all, by the storage's own promise. What it cannot do it
    says as the folder does: by OSError."""

    def __init__(self, **options: Any) -> None:
        config = Config(
            connect_timeout=10,  # seconds
            read_timeout=60,
            retries={"mode": "standard", "total_max_attempts": 4},
            signature_version="s3v4",
            # Of storages that are not Amazon's, few have a host name for each bucket, and few
            # know the checksums that Amazon's does.
            s3={"addressing_style": "path" if options.get("endpoint_url") else "auto"},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        # Named as what it is: else the storage would say that its content is encoded by gzip,
        # and those who fetch it from there would unpack it unasked.
        parameters = {"ContentType": "application/gzip"}
        super().__init__(client_config=config, object_parameters=parameters, **options)

    def _save(self, name: str, content: Any) -> str:
        with _as_of_a_file(name):
            return str(super()._save(name, content))

    def _open(self, name: str, mode: str = "rb") -> File:
        """The whole object, fetched at once: a reader who takes his time breaks nothing off."""
        whole = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  # whoever reads it closes it
        try:
            with _as_of_a_file(name):
                self.bucket.download_fileobj(self._normalize_name(name), whole)
        except BaseException:
            whole.close()
            raise
        whole.seek(0)
        return File(whole, name)

    def delete(self, name: str) -> None:
        with _as_of_a_file(name):
            super().delete(name)

    def exists(self, name: str) -> bool:
        with _as_of_a_file(name):
            return bool(super().exists(name))

    def listdir(self, name: str) -> tuple[list[str], list[str]]:
        with _as_of_a_file(name):
            folders, files = super().listdir(name)
            return folders, files

    def get_modified_time(self, name: str) -> Any:
        with _as_of_a_file(name):
            return super().get_modified_time(name)


@contextmanager
def _as_of_a_file(name: str) -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
        code = error.response.get("Error", {}).get("Code")
        if status == 404 and code != "NoSuchBucket":
            raise FileNotFoundError(f"The bucket has no {name}: {error}") from error
        raise OSError(f"The bucket refused {name}: {error}") from error
    except (BotoCoreError, Boto3Error) as error:
        raise OSError(f"The bucket cannot be used for {name}: {error}") from error
