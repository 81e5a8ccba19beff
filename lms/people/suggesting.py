"""Who an unmatched agent may be: candidates with reasons, the likeliest first. Nothing is linked by itself.

Everything is found through indexes of `person`, so a page of agents costs some dozen short queries whatever
the size of the roster. Names that many bear suggest nobody.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.accounts.models import Account
from lms.core.errors import Refused
from lms.core.i18n import Message, lazy
from lms.core.names import fold, normal, order_key
from lms.people import values
from lms.people.actors import Actor, Kind, read_actor
from lms.people.keys import email_key, name_key
from lms.people.models import Person
from lms.people.queries import people_of_ids
from tracking.batches import batches
from tracking.identities.models import IdentityClaim
from tracking.record.mergers import standing_for
from tracking.record.models import Agent

MOST = 5  # candidates for one agent; a name that more people bear suggests none of them

LIKELY, POSSIBLE = 0.85, 0.45
GRADES = {
    LIKELY: lazy("Very likely"),
    POSSIBLE: lazy("Possible"),
    0.0: lazy("Unsure"),
}

# How much each reason says by itself, 0 to 1.
HASH = 0.95, lazy("Its hashed e-mail is this person's.")
MAIL = 0.9, lazy("Its e-mail is this person's.")
SHARED_MAIL = 0.5, lazy("Its e-mail is this person's, and also somebody else's.")
CODE = 0.9, lazy("Its account name is this person's code.")
NAMED_BY_MAIL = 0.9, lazy("Its account name is this person's e-mail.")
MAILBOX = 0.8, lazy("Its e-mail leads to this person's mailbox.")
PHONE = 0.8, lazy("Its account name is this person's telephone number.")
USERNAME = 0.7, lazy("Its account name is this person's user name here.")
LOCAL_CODE = 0.7, lazy("Its e-mail begins with this person's code.")
LOCAL_USERNAME = 0.6, lazy("Its e-mail begins with this person's user name here.")
SAME_NAME = 0.5, lazy("It calls itself by this person's name.")
PLAIN_NAME = 0.45, lazy("It calls itself by this person's name, without accents or in another order.")
COMMON_NAME = 0.25, lazy("It calls itself by a name that several people have.")
BIRTH_YEAR = 0.3, lazy("This person's year of birth stands in its identifier.")
OTHER_NAME = lazy("But it calls itself by another name.")
DOUBT = 0.5  # what is left of the other reasons then

Reason = tuple[float, Message]


class Named(Protocol):
    """What is known of an agent."""

    @property
    def id(self) -> int: ...
    @property
    def identifier(self) -> str: ...
    @property
    def name(self) -> str | None: ...


@dataclass(frozen=True)
class Suggestion:
    """`confidence` is 0 to 1, only good for an order; `reasons` the strongest first."""

    person: Person
    confidence: float
    reasons: Sequence[Message]

    @property
    def grade(self) -> Message:
        return next(words for least, words in GRADES.items() if self.confidence >= least)


def suggestions(session: Session, agents: Sequence[Named]) -> dict[int, list[Suggestion]]:
    """The candidates for each of the agents, by its number."""
    clues = [_Clues(agent, read_actor(agent.identifier)) for agent in agents]
    for find in (_by_claim, _by_code, _by_mail, _by_phone, _by_username, _by_name):
        find(session, clues)
    found = {person for clue in clues for person in clue.reasons}
    standing = standing_for(session, found)
    people = people_of_ids(session, {standing.get(person, person) for person in found})
    return {clue.agent.id: clue.suggestions(standing, people) for clue in clues}


@dataclass
class _Clues:
    """An agent, and for which people there are which reasons."""

    agent: Named
    actor: Actor
    reasons: dict[UUID, list[Reason]] = field(default_factory=lambda: defaultdict(list))

    @property
    def mail(self) -> str | None:
        return self.actor.name.lower() if self.actor.kind is Kind.MAIL else None

    @property
    def account(self) -> str | None:
        return normal(self.actor.name) if self.actor.kind is Kind.ACCOUNT else None

    @property
    def local_part(self) -> str | None:
        return self.mail.rpartition("@")[0] if self.mail else None

    def suggestions(self, standing: dict[UUID, UUID], people: dict[UUID, Person]) -> list[Suggestion]:
        joined: defaultdict[UUID, list[Reason]] = defaultdict(list)
        for person, reasons in self.reasons.items():
            joined[standing.get(person, person)] += reasons
        found = [self._judged(people[person], reasons) for person, reasons in joined.items()]
        found.sort(key=lambda each: (-each.confidence, each.person.order_key, each.person.code))
        return found[:MOST]

    def _judged(self, person: Person, reasons: list[Reason]) -> Suggestion:
        reasons = sorted(dict.fromkeys(reasons), key=lambda reason: -reason[0])
        if person.birth_year and str(person.birth_year) in self.actor.name:
            reasons.append(BIRTH_YEAR)
        doubt = 1.0
        for weight, _ in reasons:
            doubt *= 1 - weight
        confidence, told = 1 - doubt, [words for _, words in reasons]
        if self.agent.name and not _resemble(self.agent.name, person.name):
            confidence, told = confidence * DOUBT, [*told, OTHER_NAME]
        return Suggestion(person, confidence, told)


def _by_claim(session: Session, clues: Sequence[_Clues]) -> None:
    """Those who claim the agent's key: more than one, or it would be matched."""
    by_agent: defaultdict[int, list[UUID]] = defaultdict(list)
    rows = session.execute(
        select(Agent.id, IdentityClaim.learner)
        .join(IdentityClaim, IdentityClaim.key_id == Agent.key_id)
        .where(Agent.id.in_([clue.agent.id for clue in clues]))
    )
    for agent, person in rows:
        by_agent[agent].append(person)
    for clue in clues:
        claimants = by_agent[clue.agent.id]
        alone = {Kind.HASH: HASH, Kind.MAIL: MAIL}.get(clue.actor.kind, CODE)
        for person in claimants:
            clue.reasons[person].append(alone if len(claimants) == 1 else SHARED_MAIL)


def _by_code(session: Session, clues: Sequence[_Clues]) -> None:
    wanted = [
        (clue, text.upper() if upper else text, reason)
        for clue in clues
        for text, reason in ((clue.account, CODE), (clue.local_part, LOCAL_CODE))
        if text
        for upper in (False, True)
    ]
    _note(session, Person.id, Person.code, wanted)


def _by_mail(session: Session, clues: Sequence[_Clues]) -> None:
    named = [
        (clue, clue.account.lower(), NAMED_BY_MAIL) for clue in clues if clue.account and "@" in clue.account
    ]
    _note(session, Person.id, Person.email, named)
    addresses = [(clue, clue.mail or clue.account or "") for clue in clues]
    mailboxes = [(clue, email_key(address), MAILBOX) for clue, address in addresses if "@" in address]
    _note(session, Person.id, Person.email_key, mailboxes, unless=(MAIL, SHARED_MAIL, NAMED_BY_MAIL))


def _by_phone(session: Session, clues: Sequence[_Clues]) -> None:
    wanted = [
        (clue, phone, PHONE)
        for clue in clues
        if (phone := _read(values.read_phone, clue.account or clue.local_part))
    ]
    _note(session, Person.id, Person.phone, wanted)


def _by_username(session: Session, clues: Sequence[_Clues]) -> None:
    wanted = [
        (clue, text.lower(), reason)
        for clue in clues
        for text, reason in ((clue.account, USERNAME), (clue.local_part, LOCAL_USERNAME))
        if text
    ]
    _note(session, Account.person, Account.username, wanted)


def _by_name(session: Session, clues: Sequence[_Clues]) -> None:
    for clue in clues:
        if not clue.agent.name or not (key := name_key(clue.agent.name)):
            continue
        bearers = select(Person.id, Person.name).where(Person.name_key == key).limit(MOST + 1)
        found = session.execute(bearers).all()
        if len(found) > MOST:  # of these, name only who is suggested anyway
            found = [row for row in found if row.id in clue.reasons]
        exact = [row.id for row in found if order_key(row.name) == order_key(clue.agent.name)]
        for row in found:
            alone = exact == [row.id] or len(found) == 1
            sure = SAME_NAME if row.id in exact else PLAIN_NAME
            clue.reasons[row.id].append(sure if alone else COMMON_NAME)


def _note(
    session: Session,
    person: Any,
    column: Any,
    wanted: Iterable[tuple[_Clues, str, Reason]],
    unless: Sequence[Reason] = (),
) -> None:
    """Note the reason for each person in whose row the column holds the text."""
    asked: defaultdict[str, list[tuple[_Clues, Reason]]] = defaultdict(list)
    for clue, text, reason in wanted:
        asked[text].append((clue, reason))
    for text, found in _rows(session, person, column, sorted(asked)):
        for clue, reason in asked[text]:
            if not any(known in unless for known in clue.reasons.get(found, ())):
                clue.reasons[found].append(reason)


def _rows(session: Session, person: Any, column: Any, texts: Sequence[str]) -> Iterator[tuple[str, UUID]]:
    """At most so many people for one text: what more have in common says nothing."""
    rank = func.row_number().over(partition_by=column, order_by=person)
    for part in batches(texts):
        ranked = (
            select(column.label("text"), person.label("found"), rank.label("rank"))
            .where(column.in_(part), person.is_not(None))
            .subquery()
        )
        query = select(ranked.c.text, ranked.c.found).where(ranked.c.rank <= MOST)
        yield from session.execute(query)


def _read(reader: Callable[[str], str], text: str | None) -> str | None:
    try:
        return reader(text) if text else None
    except Refused:
        return None


def _resemble(name: str, other: str) -> bool:
    """Whether two names have a word in common, apart from family names that half of all people bear."""
    words, others = set(fold(name).split()), set(fold(other).split())
    common = words & others
    return bool(common - _FAMILY_NAMES) or words == others


_FAMILY_NAMES = frozenset(
    fold("Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Văn Thị").split(" ")
)
