"""The tables by their names."""

from __future__ import annotations

from claims.exports.columns import Table
from claims.exports.tables import claims

TABLES: dict[str, Table] = {one.name: one for one in (claims.TABLE,)}

__all__ = ["TABLES"]
