"""Writing down whom and what new statements mention, where their rows do not say it already."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from tracking.listed import insert_rows
from tracking.record.mentions import StatementActivity, StatementAgent
from tracking.statements.keeping import Numbers
from tracking.statements.mentions import NONE
from tracking.statements.reading import Reading
from tracking.tables import table_of

Row = dict[str, Any]


def note(session: Session, new: Iterable[Reading], seqs: dict[UUID, int], numbers: Numbers) -> None:
    """For statements that have just been kept; `numbers` knows all their words."""
    agents: list[Row] = []
    activities: list[Row] = []
    for reading in new:
        if reading.mentions is not NONE:
            agents += agent_rows(reading, seqs[reading.id], numbers)
            activities += activity_rows(reading, seqs[reading.id], numbers)
    insert_rows(session.connection(), table_of(StatementAgent), agents)
    insert_rows(session.connection(), table_of(StatementActivity), activities)


def agent_rows(reading: Reading, seq: int, numbers: Numbers) -> list[Row]:
    found = reading.mentions
    return [
        {"agent_id": numbers.agents[name], "direct": direct, "seq": seq}
        for direct, names in ((True, found.direct), (False, found.related))
        for name in names
    ]


def activity_rows(reading: Reading, seq: int, numbers: Numbers) -> list[Row]:
    return [
        {"activity_id": numbers.activities[iri], "seq": seq}
        for iri in reading.mentions.activities
        if iri != reading.activity
    ]
