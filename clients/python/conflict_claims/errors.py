"""What goes wrong, by what can be done about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


class ClaimsError(Exception):
    """Everything that this package raises of its own."""


class Unreachable(ClaimsError):
    """No answer: no connection, no time left, or one that broke off."""


class UnreadableAnswer(ClaimsError):
    """An answer that is not what the API's description says: from something in between, or
    from another server."""


class ExportFailed(ClaimsError):
    """The server could not make the file, and says why."""


class CopyError(ClaimsError):
    """The local copy cannot be kept current: it is of another server, or of another version of
    this package. Nothing in it was changed."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a parameter, or with a field of what was sent; `valid`: what it could
    be, where that can be counted."""

    name: str
    detail: str
    valid: tuple[str, ...] = ()


class ApiError(ClaimsError):
    """The server refused (RFC 9457): `title` and `detail` say why in words, `kind` is the
    problem's address, `parameters` are those to blame."""

    def __init__(
        self,
        status: int,
        *,
        title: str = "",
        detail: str = "",
        kind: str = "about:blank",
        parameters: Iterable[Fault] = (),
        address: str = "",
        retry_after: float | None = None,
    ) -> None:
        self.status = status
        self.title = title
        self.detail = detail
        self.kind = kind
        self.parameters = tuple(parameters)
        self.address = address
        self.retry_after = retry_after
        told = f"{status} {title}".rstrip()
        super().__init__(f"{told}: {detail}" if detail and detail != title else told)


class BadRequest(ApiError):
    """400: a parameter or a value that the API does not know."""


class NotAuthenticated(ApiError):
    """401: no key, or one that does not count any more."""


class NotAllowed(ApiError):
    """403: the key's scopes or its user's roles do not cover it."""


class NotFound(ApiError):
    """404."""


class Gone(ApiError):
    """410: it was there, and is not any more."""


class CursorRefused(ApiError):
    """The server does not know the copy's place in its feed (any more). What is in the copy
    stays; it can only be made anew: `sync(…, restart=True)`."""


class RateLimited(ApiError):
    """429, more often or for longer than this client waits; `retry_after` is in seconds."""


class ServerError(ApiError):
    """5xx, at the last attempt."""


_BY_STATUS: dict[int, type[ApiError]] = {
    400: BadRequest,
    401: NotAuthenticated,
    403: NotAllowed,
    404: NotFound,
    410: Gone,
    429: RateLimited,
}


def of_status(status: int) -> type[ApiError]:
    return ServerError if status >= 500 else _BY_STATUS.get(status, ApiError)
