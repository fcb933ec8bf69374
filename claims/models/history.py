"""Who changed a claim, and why: what the history's rows refer to.

The rows are append-only by themselves (PGHISTORY_APPEND_ONLY). What they refer to belongs to
another app, which would let it be overwritten: its trigger is declared on a proxy here.
"""

from __future__ import annotations

from pghistory.models import Context

from claims.models.decisions import APPEND_ONLY


class ClaimsContext(Context):
    class Meta:
        proxy = True
        default_permissions = ()
        triggers = [APPEND_ONLY]
