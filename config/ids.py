"""Public ids: UUIDs of version 7, in order of making and never reused."""

from datetime import datetime
from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    return uuid7()


def first_id(at: datetime) -> UUID:
    """Less than every id that is made from this millisecond on, and greater than all before."""
    return UUID(int=int(at.timestamp() * 1000) << 80)


def short_id(id_: UUID) -> str:
    """The last ten hexadecimal digits: enough, with a unique constraint, to name a row in an
    address. The first digits are a time and so much the same for rows loaded together."""
    return id_.hex[-10:]
