"""Publishers, their articles and documents, the evidence of what was received, and the ways in."""

from sources.models.documents import (
    Article,
    Document,
    DocumentWords,
    Publisher,
    TextFamily,
    TextSample,
)
from sources.models.evidence import Snapshot, StoredBytes
from sources.models.feeds import Feed, FeedItem, Host
from sources.models.imports import BulkFault, BulkImport
from sources.models.intakes import Intake, IntakeItem

__all__ = [
    "Article",
    "BulkFault",
    "BulkImport",
    "Document",
    "DocumentWords",
    "Feed",
    "FeedItem",
    "Host",
    "Intake",
    "IntakeItem",
    "Publisher",
    "Snapshot",
    "StoredBytes",
    "TextFamily",
    "TextSample",
]
