"""The numbers of verbs, activities and identity keys; new words are entered when first used."""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from tracking.batches import batches
from tracking.dialects import is_sqlite, upsert
from tracking.errors import Refused
from tracking.listed import one_of
from tracking.record.definitions import merged
from tracking.record.models import Activity, IdentityKey, Verb
from tracking.tables import Query, table_of

# PostgreSQL cannot index longer texts; no identifier in honest use comes near.
LONGEST = 2000  # bytes of UTF-8

Word = type[Verb] | type[Activity] | type[IdentityKey]

_COLUMNS = {Verb: "iri", Activity: "iri", IdentityKey: "key"}
_KNOWN: dict[Word, Query] = {
    Verb: select(Verb.iri, Verb.id).where(one_of(Verb.iri)),
    Activity: select(Activity.iri, Activity.id).where(one_of(Activity.iri)),
    IdentityKey: select(IdentityKey.key, IdentityKey.id).where(one_of(IdentityKey.key)),
}


def verb_ids(session: Session, iris: Iterable[str]) -> dict[str, int]:
    return _ids(session, Verb, iris)


def activity_ids(session: Session, iris: Iterable[str]) -> dict[str, int]:
    return _ids(session, Activity, iris)


def key_ids(session: Session, keys: Iterable[str]) -> dict[str, int]:
    """The numbers of identity keys, locked until the transaction ends.

    Whoever records an agent under a key and whoever claims the key wait for each other here; otherwise each
    could miss the other, and the agent would stay without its learner.
    """
    ids = _ids(session, IdentityKey, keys)
    if not is_sqlite(session):
        for part in batches(sorted(ids)):
            found = select(IdentityKey.id).where(IdentityKey.key.in_(part)).order_by(IdentityKey.key)
            session.execute(found.with_for_update(key_share=True)).all()
    return ids


def check_word(word: str) -> None:
    """Refuse what no dictionary can hold."""
    if "\x00" in word or len(word.encode()) > LONGEST:
        raise Refused(
            "The identifier %(start)s… is longer than %(longest)s bytes or holds a NUL character.",
            start=word.replace("\x00", " ")[:80],
            longest=LONGEST,
        )


def define(session: Session, definitions: Mapping[str, dict[str, Any]]) -> None:
    """Add what statements say about their activities to what is known of them (Data 2.4.4.1)."""
    for part in batches(sorted(definitions)):
        rows = session.execute(
            select(Activity.iri, Activity.id, Activity.definition).where(Activity.iri.in_(part))
        ).all()
        changed: dict[int, bytes] = {}
        for iri, activity_id, raw in rows:
            known = orjson.loads(raw) if raw else {}
            definition = merged(known, definitions[iri])
            if definition != known:
                changed[activity_id] = orjson.dumps(definition)
        if changed:
            updates = [{"row": row, "json": changed[row]} for row in sorted(changed)]
            table = table_of(Activity)
            statement = update(table).where(table.c.id == bindparam("row"))
            session.connection().execute(statement.values(definition=bindparam("json")), updates)


def _ids(session: Session, table: Word, words: Iterable[str]) -> dict[str, int]:
    wanted = sorted(set(words))
    for word in wanted:
        check_word(word)
    found = _known(session, table, wanted)
    missing = [word for word in wanted if word not in found]
    if missing:
        # In sorted order, and entered by whoever comes first: a request never fails for another's new word.
        statement = upsert(session, table).on_conflict_do_nothing()
        session.execute(statement, [{_COLUMNS[table]: word} for word in missing])
        found |= _known(session, table, missing)
    return found


def _known(session: Session, table: Word, words: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for part in batches(words):
        rows = session.connection().execute(_KNOWN[table], {"wanted": part})
        found.update((word, number) for word, number in rows)
    return found
