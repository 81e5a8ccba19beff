"""The numbers of verbs, activities and identity keys; new words are entered when first used."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from tracking.batches import batches
from tracking.dialects import is_sqlite, upsert
from tracking.errors import Refused
from tracking.listed import inserted, one_of
from tracking.questions import Question
from tracking.record.definitions import merged
from tracking.record.memory import learn, remembered
from tracking.record.models import Activity, IdentityKey, Verb
from tracking.rounds import Steps, run
from tracking.tables import table_of

# PostgreSQL cannot index longer texts; no identifier in honest use comes near.
LONGEST = 2000  # bytes of UTF-8

# A definition is looked for in the order of numbers, so that two requests lock in the same order.
_DEFINED = select(Activity.id, Activity.definition).where(one_of(Activity.id)).order_by(Activity.id)
_DEFINITIONS = Question(_DEFINED)

_HELD_KEYS = Question(
    select(IdentityKey.key, IdentityKey.id)
    .where(one_of(IdentityKey.key))
    .order_by(IdentityKey.key)
    .with_for_update(key_share=True)
)

Word = type[Verb] | type[Activity] | type[IdentityKey]

_COLUMNS = {Verb: "iri", Activity: "iri", IdentityKey: "key"}
_KNOWN: dict[Word, Question] = {
    Verb: Question(select(Verb.iri, Verb.id).where(one_of(Verb.iri))),
    Activity: Question(select(Activity.iri, Activity.id).where(one_of(Activity.iri))),
    IdentityKey: Question(select(IdentityKey.key, IdentityKey.id).where(one_of(IdentityKey.key))),
}


def verb_ids(session: Session, iris: Iterable[str]) -> dict[str, int]:
    return _ids(session, Verb, iris)


def activity_ids(session: Session, iris: Iterable[str]) -> dict[str, int]:
    return _ids(session, Activity, iris)


def known_activities(session: Session, iris: Iterable[str]) -> dict[str, int]:
    """The numbers of those of the activities that have been heard of."""
    wanted = set(iris)
    found = remembered(session, Activity.__tablename__, wanted)
    return (
        found
        if len(found) == len(wanted)
        else found | _known(session, Activity, sorted(wanted - found.keys()))
    )


def key_ids(session: Session, keys: Iterable[str]) -> dict[str, int]:
    """The numbers of identity keys, locked until the transaction ends.

    Whoever records an agent under a key and whoever claims the key wait for each other here; otherwise each
    could miss the other, and the agent would stay without its learner.
    """
    return run(session, holding_keys(session, keys))


def holding_keys(session: Session, keys: Iterable[str]) -> Steps[dict[str, int]]:
    """`key_ids` in steps; what is not known is entered by whoever comes first."""
    wanted = sorted(set(keys))
    for key in wanted:
        check_word(key)
    if not wanted:
        return {}
    question = _KNOWN[IdentityKey] if is_sqlite(session) else _HELD_KEYS
    entering = inserted(table_of(IdentityKey), [{"key": key} for key in wanted], conflict="(key) DO NOTHING")
    _, *found = yield [*entering, *(question(wanted=part) for part in batches(wanted))]
    return {key: number for rows in found for key, number in rows}


def check_word(word: str) -> None:
    """Refuse what no dictionary can hold."""
    if "\x00" in word or len(word.encode()) > LONGEST:
        raise Refused(
            "The identifier %(start)s… is longer than %(longest)s bytes or holds a NUL character.",
            start=word.replace("\x00", " ")[:80],
            longest=LONGEST,
        )


def defining(session: Session, said: Iterable[tuple[int, dict[str, Any]]]) -> Steps[None]:
    """Add what statements say about activities, by their numbers, to what is known of them (Data 2.4.4.1).

    Later ones win over earlier ones. What is known is read anew under a lock before it is changed: two
    transactions that each add a language both keep theirs.
    """
    definitions: dict[int, list[dict[str, Any]]] = {}
    for activity, definition in said:
        definitions.setdefault(activity, []).append(definition)
    for part in batches(sorted(definitions)):
        [rows] = yield [_DEFINITIONS(wanted=part)]
        adding = [row.id for row in rows if _adds(row.definition, definitions[row.id])]
        if adding:
            _redefine(session, adding, definitions)


def _adds(raw: bytes | None, said: list[dict[str, Any]]) -> bool:
    return any(not _holds(raw, orjson.dumps(definition)) for definition in said)


@lru_cache(maxsize=4096)
def _holds(raw: bytes | None, said: bytes) -> bool:
    """Whether `said` adds nothing; remembered, because most statements repeat what was said before."""
    known = orjson.loads(raw) if raw else {}
    return merged(known, orjson.loads(said)) == known


def _redefine(
    session: Session, activities: list[int], definitions: Mapping[int, list[dict[str, Any]]]
) -> None:
    table = table_of(Activity)
    changed = []
    for row in session.connection().execute(_DEFINED.with_for_update(), {"wanted": activities}):
        definition = orjson.loads(row.definition) if row.definition else {}
        for said in definitions[row.id]:
            definition = merged(definition, said)
        changed.append({"row": row.id, "json": orjson.dumps(definition)})
    statement = update(table).where(table.c.id == bindparam("row"))
    session.connection().execute(statement.values(definition=bindparam("json")), changed)


def remembered_verbs(session: Session, iris: Iterable[str]) -> dict[str, int]:
    """The numbers of those of the verbs that need not be asked for."""
    return remembered(session, Verb.__tablename__, set(iris))


def remembered_activities(session: Session, iris: Iterable[str]) -> dict[str, int]:
    """The numbers of those of the activities that need not be asked for."""
    return remembered(session, Activity.__tablename__, set(iris))


def _ids(session: Session, table: Word, words: Iterable[str]) -> dict[str, int]:
    wanted = set(words)
    found = remembered(session, table.__tablename__, wanted)
    if len(found) == len(wanted):
        return found
    unknown = sorted(wanted - found.keys())
    for word in unknown:
        check_word(word)
    new = _known(session, table, unknown)
    missing = [word for word in unknown if word not in new]
    if missing:
        # In sorted order, and entered by whoever comes first: a request never fails for another's new word.
        statement = upsert(session, table).on_conflict_do_nothing()
        session.execute(statement, [{_COLUMNS[table]: word} for word in missing])
        new |= _known(session, table, missing)
    learn(session, table.__tablename__, new)
    return found | new


def _known(session: Session, table: Word, words: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for part in batches(words):
        found.update(_KNOWN[table].ask(session, wanted=part))
    return found
