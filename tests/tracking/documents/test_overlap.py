"""Two writers of one document, of which the second begins while the first has not committed yet."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from tests.tracking.documents.test_keeping import HERE, JSON
from tracking.documents import services
from tracking.documents.errors import PreconditionFailed, Unconditional
from tracking.documents.preconditions import Precondition, read_tags
from tracking.documents.queries import document

Act = Callable[[Session], object]

START = b'{"n":0}'
SAME_TAG = Precondition(if_match=read_tags('"' + services.etag_of(START) + '"'))
NEW_ONLY = Precondition(if_none_match=read_tags("*"))


def put(content: bytes, precondition: Precondition = services.ALWAYS) -> Act:
    return lambda session: services.put(session, HERE, content, JSON, precondition=precondition)


def merge(content: bytes) -> Act:
    return lambda session: services.merge(session, HERE, content, JSON)


def delete(session: Session) -> None:
    services.delete(session, HERE, precondition=SAME_TAG)


def begin(engine: Engine, pool: ThreadPoolExecutor, act: Act) -> Future[None]:
    """Let the act run until it has ended, waits for a lock, or (SQLite) stands before the database."""
    started = Event()

    def run() -> None:
        started.set()
        with Session(engine) as session, session.begin():
            act(session)

    running = pool.submit(run)
    started.wait()
    if engine.dialect.name == "postgresql":
        waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
        with engine.connect() as observer:
            while not running.done() and not observer.scalar(waiting):
                time.sleep(0.002)
    return running


def overlap(engine: Engine, first: Act, second: Act, *, there: bytes | None = START) -> Future[None]:
    """What became of the second, when both have ended."""
    if there is not None:
        with Session(engine) as session, session.begin():
            put(there)(session)
    with ThreadPoolExecutor(1) as pool:
        with Session(engine) as session, session.begin():
            first(session)
            running = begin(engine, pool, second)
        running.exception(timeout=20)
    return running


def left(engine: Engine) -> bytes | None:
    with Session(engine) as session:
        found = document(session, HERE)
        return found.content if found else None


@pytest.mark.parametrize("second", [put(b'{"n":2}', SAME_TAG), delete], ids=["put", "delete"])
def test_of_two_that_name_the_same_tag_one_wins(engine, second):
    """3.1: a client must not replace or remove what it has not seen."""
    outcome = overlap(engine, put(b'{"n":1}', SAME_TAG), second)
    assert isinstance(outcome.exception(), PreconditionFailed)
    assert left(engine) == b'{"n":1}'


def test_of_a_deletion_and_a_writer_with_the_same_tag_the_deletion_wins_if_it_is_first(engine):
    outcome = overlap(engine, delete, put(b'{"n":2}', SAME_TAG))
    assert isinstance(outcome.exception(), PreconditionFailed)
    assert left(engine) is None


@pytest.mark.parametrize(
    ("precondition", "refusal"), [(NEW_ONLY, PreconditionFailed), (Precondition(named=True), Unconditional)]
)
def test_of_two_that_create_one_document_one_wins(engine, precondition, refusal):
    outcome = overlap(engine, put(b'{"n":1}', precondition), put(b'{"n":2}', precondition), there=None)
    assert isinstance(outcome.exception(), refusal)
    assert left(engine) == b'{"n":1}'


@pytest.mark.parametrize("there", [START, None], ids=["into one that is there", "into none"])
def test_of_two_that_merge_neither_is_lost(engine, there):
    outcome = overlap(engine, merge(b'{"a":1}'), merge(b'{"b":2}'), there=there)
    assert outcome.exception() is None
    start = b'{"n":0,' if there else b"{"
    assert left(engine) == start + b'"a":1,"b":2}'


def test_whoever_names_nothing_comes_last(engine):
    overlap(engine, put(b'{"n":1}'), put(b'{"n":2}')).result()
    assert left(engine) == b'{"n":2}'


def test_a_deleted_document_is_merged_into_as_a_new_one(engine):
    overlap(engine, delete, merge(b'{"b":2}')).result()
    assert left(engine) == b'{"b":2}'
