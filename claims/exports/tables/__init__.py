"""The tables by their names."""

from __future__ import annotations

from claims.exports.columns import Table
from claims.exports.tables import claims, control_changes, statuses, town_days

TABLES: dict[str, Table] = {
    one.name: one for one in (claims.TABLE, town_days.TABLE, control_changes.TABLE, statuses.TABLE)
}

__all__ = ["TABLES"]
