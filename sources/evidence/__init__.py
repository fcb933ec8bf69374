"""What was received from outside, kept byte for byte: `keep` what was fetched, `keep_upload` and
`keep_file` what somebody brought in, before any of it is read."""

from sources.evidence.keeping import (
    NOT_KEPT,
    keep,
    keep_file,
    keep_upload,
    note_read,
    received_of,
    withdraw_bytes,
    withdraw_known,
    withdraw_stored,
)
from sources.evidence.objects import Damaged, Withdrawn, content

__all__ = [
    "NOT_KEPT",
    "Damaged",
    "Withdrawn",
    "content",
    "keep",
    "keep_file",
    "keep_upload",
    "note_read",
    "received_of",
    "withdraw_bytes",
    "withdraw_known",
    "withdraw_stored",
]
