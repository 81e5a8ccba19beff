"""Two records of one person: counted as one, and taken apart again."""

from sqlalchemy.orm import Session

from lms.core.audit import Act, log
from lms.core.errors import Refused
from lms.core.events import StatementsStored, send
from lms.core.record import complete_anew
from lms.people.models import Person
from lms.people.queries import timelines, unit_among
from lms.units.models import Unit
from tracking.completions.queries import completions_of
from tracking.errors import Refused as RefusedRecord
from tracking.identities import merging as record
from tracking.rates.merging import apart
from tracking.rates.timeline import Timeline, united
from tracking.record.mergers import same_as, who_stands_for


def merge_people(
    session: Session, person: Person, into: Person, *, home_page: str, actor: int | None
) -> None:
    """Count everything of `person` for `into`, who stands for both from now on.

    Call it before anything else in the transaction that writes to the record. Raises tracking's Refused where
    the two are one already.
    """
    changes = record.merge(session, person.id, into.id)
    log(session, Act.PEOPLE_MERGED, actor=actor, subject=str(person.id), into=str(into.id))
    complete_anew(session, changes, home_page=home_page)


def part_people(session: Session, person: Person, *, home_page: str, actor: int | None) -> None:
    """Take a merger of `person` into another back, as if it had never been. Raises tracking's Refused."""
    everybody = same_as(session, person.id)
    standing = who_stands_for(session, person.id)
    completed = completions_of(session, standing)
    changes = record.part(session, person.id)
    log(session, Act.PEOPLE_PARTED, actor=actor, subject=str(person.id), standing=str(standing))
    complete_anew(session, changes, home_page=home_page)
    # What rested on lessons of the other has to be looked at too, also where its own completion is the same.
    rested = [(learner, activity) for learner in sorted(everybody) for activity in completed]
    send(session, StatementsStored(completions=(), withdrawn=rested, home_page=home_page))


def demand_two(session: Session, person: Person, other: Person) -> None:
    """Refuse what cannot be merged, before it is asked whether it shall be."""
    if other.id in same_as(session, person.id):
        raise RefusedRecord("These two records are one already.")
    if who_stands_for(session, other.id) != other.id:
        raise Refused(
            "The record “%(code)s” was merged into another. Choose that one instead.", code=other.code
        )


def joined_timeline(session: Session, kept: Person, other: Person) -> Timeline:
    """Where the two would be counted, once they are one."""
    stays = timelines(session, [kept.id, other.id])
    return united(stays.get(kept.id, ()), stays.get(other.id, ()))


def units_after_parting(session: Session, record: Person) -> list[Unit | None]:
    """Where the record, and who stands for it now, would be counted if the merger were taken back."""
    stays = apart(session, record.id)
    concerned = (record.id, who_stands_for(session, record.id))
    return [unit_among(session, stays.get(person, ())) for person in concerned]
