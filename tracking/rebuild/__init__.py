"""Drawing all projections anew from what is true: statements, resolutions, rules and memberships.

`rebuild(session)` puts right what differs; `rebuild(session, check=True)` only counts it. After any history
there must be nothing to count. Large tables stay in the database: differences are found by set operations,
and statements pass through memory in small parts.
"""

from tracking.rebuild.services import RebuildReport, rebuild

__all__ = ["RebuildReport", "rebuild"]
