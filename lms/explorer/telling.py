"""Statements in words, many at once: who did what, when, and who says so."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.catalogue.queries import titles_of
from lms.core.i18n import gettext as _
from lms.explorer import queries
from lms.explorer.queries import Kept
from lms.people.actors import read_actor
from lms.people.models import Person
from lms.people.queries import people_of_ids
from lms.rates.proofs import in_words, score_words
from lms.rates.wording import verb_words
from lms.xapi.models import Client
from tracking.record.models import Agent
from tracking.statements.agents import identifier
from tracking.statements.validation.statements import VOIDED


@dataclass(frozen=True)
class Told:
    """A statement in words. `person` is whom its actor was matched to; `learner` without one is a visitor.
    `who` is the person's name, else `actor`: how the statement calls its actor; `is_ours`: this site itself.

    `how` is the score, where there is one; `source` who vouches for it; `said` the statement itself.
    """

    seq: int
    id: UUID
    who: str
    actor: str
    person: Person | None
    learner: UUID | None
    agent_id: int | None
    did: str
    what: str
    how: str | None
    happened: datetime
    stored: datetime
    voided: datetime | None
    voids: UUID | None
    source: str
    is_group: bool
    is_ours: bool
    said: dict[str, Any]

    @property
    def sentence(self) -> str:
        """`Nguyễn Văn An đã hoàn thành “Nhận diện lừa đảo”`."""
        return _("%(who)s %(did)s “%(what)s”", who=self.who, did=self.did, what=self.what)


class Teller:
    """Puts rows of `queries` into words; the names of a page are looked up together."""

    def __init__(self, session: Session, *, home_page: str) -> None:
        self._session = session
        self._home_page = home_page

    def tell(self, rows: Sequence[Kept]) -> list[Told]:
        said = [orjson.loads(statement.raw) for statement, _, _ in rows]
        people = people_of_ids(
            self._session, (agent.learner for _, agent, _ in rows if agent and agent.learner)
        )
        titles = titles_of(self._session, _iris(said))
        known = queries.definitions(
            self._session, (row.statement.activity_id for row in rows if row.statement.activity_id)
        )
        clients = self._clients(row.authority for row in rows if row.authority)
        return [
            self._told(row, statement, people, titles, known, clients)
            for row, statement in zip(rows, said, strict=True)
        ]

    def _told(
        self,
        row: Kept,
        said: dict[str, Any],
        people: Mapping[UUID, Person],
        titles: Mapping[str, str],
        known: Mapping[int, bytes | None],
        clients: Mapping[str, str],
    ) -> Told:
        statement, agent, authority = row
        person = people.get(agent.learner) if agent and agent.learner else None
        is_ours = agent is not None and agent.identifier == self._account("lms")
        actor = _("This site") if is_ours else name_of(said["actor"])
        return Told(
            seq=statement.seq,
            id=statement.id,
            who=person.name if person else actor,
            actor=actor,
            person=person,
            learner=agent.learner if agent else None,
            agent_id=agent.id if agent else None,
            did=verb_of(said["verb"]),
            what=_object_of(said["object"], titles, known.get(statement.activity_id or 0)),
            how=score_words(said.get("result", {}).get("score", {})),
            happened=statement.timestamp,
            stored=statement.stored,
            voided=statement.voided_at,
            voids=statement.voids,
            source=self._source(authority, said.get("authority", {}), clients),
            is_group=said["actor"].get("objectType") == "Group",
            is_ours=is_ours,
            said=said,
        )

    def _clients(self, authorities: Iterable[Agent]) -> dict[str, str]:
        """The names of clients, by the identifiers of those who vouch."""
        start = self._account("client:")
        keys = {
            each.identifier.removeprefix(start) for each in authorities if each.identifier.startswith(start)
        }
        rows = self._session.execute(select(Client.key, Client.name).where(Client.key.in_(keys)))
        return {start + key: name for key, name in rows}

    def _source(self, authority: Agent | None, said: dict[str, Any], clients: Mapping[str, str]) -> str:
        if authority is None:
            return name_of(said)
        own = {
            self._account("lms"): _("This site"),
            self._account("session"): _("A lesson, while it was open"),
        }
        return own.get(authority.identifier) or clients.get(authority.identifier) or name_of(said)

    def _account(self, name: str) -> str:
        return identifier({"account": {"homePage": self._home_page, "name": name}}) or ""


def name_of(agent: dict[str, Any]) -> str:
    """How an agent calls itself, else by what it is known; of an anonymous group, its members."""
    if agent.get("name"):
        return str(agent["name"])
    found = identifier(agent)
    if found is not None:
        return read_actor(found).name
    members = [name_of(each) for each in agent.get("member", [])]
    return ", ".join(members) or _("A group without a name")


def verb_of(verb: dict[str, Any]) -> str:
    """What was done: a word that people know, else what the statement calls it, else the end of its IRI."""
    if verb["id"] == VOIDED:
        return _("took back")
    return verb_words(verb["id"]) or in_words(verb.get("display")) or last_part(verb["id"])


def last_part(iri: str) -> str:
    return iri.rstrip("/#").rsplit("/", 1)[-1].rsplit("#", 1)[-1] or iri


def _object_of(about: dict[str, Any], titles: Mapping[str, str], known: bytes | None) -> str:
    kind = about.get("objectType", "Activity")
    if kind == "StatementRef":
        return _("statement %(id)s", id=about["id"])
    if kind == "SubStatement":
        return (
            f"{name_of(about['actor'])} {verb_of(about['verb'])} {_object_of(about['object'], titles, None)}"
        )
    if kind in ("Agent", "Group"):
        return name_of(about)
    definition = about.get("definition") or (orjson.loads(known) if known else {})
    return titles.get(about["id"]) or in_words(definition.get("name")) or last_part(about["id"])


def _iris(said: Iterable[dict[str, Any]]) -> set[str]:
    return {one["object"]["id"] for one in said if one["object"].get("objectType", "Activity") == "Activity"}
