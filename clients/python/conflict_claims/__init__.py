"""Reads a conflict-claims server, and keeps a local copy of it current."""

from conflict_claims.client import Client
from conflict_claims.errors import (
    ApiError,
    BadRequest,
    ClaimsError,
    CopyError,
    CursorRefused,
    ExportFailed,
    Fault,
    Gone,
    NotAllowed,
    NotAuthenticated,
    NotFound,
    RateLimited,
    ServerError,
    Unreachable,
    UnreadableAnswer,
)
from conflict_claims.syncing import Progress, SyncResult
from conflict_claims.version import VERSION as __version__

__all__ = [
    "ApiError",
    "BadRequest",
    "ClaimsError",
    "Client",
    "CopyError",
    "CursorRefused",
    "ExportFailed",
    "Fault",
    "Gone",
    "NotAllowed",
    "NotAuthenticated",
    "NotFound",
    "Progress",
    "RateLimited",
    "ServerError",
    "SyncResult",
    "Unreachable",
    "UnreadableAnswer",
    "__version__",
]
