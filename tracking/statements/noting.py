"""Writing down whom and what new statements mention, where their rows do not say it already."""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from tracking.listed import inserted
from tracking.record.mentions import StatementActivity, StatementAgent
from tracking.rounds import Steps, telling
from tracking.statements.keeping import Numbers
from tracking.statements.mentions import NONE
from tracking.statements.reading import Reading
from tracking.tables import table_of


class NamedAgent(NamedTuple):
    """A row of `StatementAgent`."""

    agent_id: int
    direct: bool
    seq: int


class NamedActivity(NamedTuple):
    """A row of `StatementActivity`."""

    activity_id: int
    seq: int


def noting(new: Iterable[Reading], seqs: dict[UUID, int], numbers: Numbers) -> Steps[None]:
    """For statements that have just been kept; `numbers` knows all their words."""
    agents: list[NamedAgent] = []
    activities: list[NamedActivity] = []
    for reading in new:
        if reading.mentions is not NONE:
            agents += agent_rows(reading, seqs[reading.id], numbers)
            activities += activity_rows(reading, seqs[reading.id], numbers)
    said = [*inserted(table_of(StatementAgent), agents), *inserted(table_of(StatementActivity), activities)]
    yield from telling(said)


def agent_rows(reading: Reading, seq: int, numbers: Numbers) -> list[NamedAgent]:
    found = reading.mentions
    return [
        NamedAgent(numbers.agents[name], direct, seq)
        for direct, names in ((True, found.direct), (False, found.related))
        for name in names
    ]


def activity_rows(reading: Reading, seq: int, numbers: Numbers) -> list[NamedActivity]:
    return [
        NamedActivity(numbers.activities[iri], seq)
        for iri in reading.mentions.activities
        if iri != reading.activity
    ]
