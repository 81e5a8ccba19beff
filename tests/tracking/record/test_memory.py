"""What a process remembers of the dictionaries: only what was committed."""

from sqlalchemy.orm import Session

from tracking.record.dictionaries import verb_ids
from tracking.record.memory import remembered

VERB = "https://example.org/verbs/looked"


def test_numbers_are_remembered_once_they_are_committed(session: Session):
    numbers = verb_ids(session, [VERB])
    assert not remembered(session, "verb", [VERB])
    session.commit()
    assert remembered(session, "verb", [VERB]) == numbers


def test_what_is_rolled_back_is_not_remembered(session: Session):
    verb_ids(session, [VERB])
    session.rollback()
    session.commit()
    assert not remembered(session, "verb", [VERB])


def test_a_savepoint_that_is_released_is_not_a_commit(session: Session):
    with session.begin_nested():
        verb_ids(session, [VERB])
    assert not remembered(session, "verb", [VERB])
    session.rollback()
    assert not remembered(session, "verb", [VERB])
    assert verb_ids(session, [VERB])
