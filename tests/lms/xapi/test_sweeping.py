"""Files of statements that were never stored are swept; no other is, whatever happens at once."""

import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from lms.core import chores
from lms.core.drafts import Draft, drafting
from lms.core.runtime import Runtime
from lms.xapi.sweeping import sweep_drafts, sweep_files
from tracking.statements import attachments
from tracking.statements.attachments import Came, Header

LONG_AGO = 10**9
AT_ONCE = timedelta(days=-1)
HEADER = Header(0, "[0].attachments[0]", own=True, said={"sha2": "ab" * 32, "contentType": "text/plain"})


@contextmanager
def draft(runtime: Runtime, content: bytes) -> Iterator[tuple[Draft, Path]]:
    """A draft, which is given its name inside the block; and that name."""
    with drafting(runtime.files) as drafts:
        made = drafts.write([content], algorithm="sha256", most=100)
        drafts.sync([made])
        yield made, runtime.files.attachment(made.name)


def store(session: Session, runtime: Runtime, content: bytes) -> Path:
    """What `store_received` does with a file: hold, name, note; the caller commits or not."""
    attachments.hold_files(session)
    with drafting(runtime.files) as drafts:
        made = drafts.write([content], algorithm="sha256", most=100)
        drafts.keep([made])
    attachments.keep(session, [(uuid4(), HEADER)], {HEADER.sha2: Came(made.name, made.length)})
    return runtime.files.attachment(made.name)


def give_up(runtime: Runtime, content: bytes) -> Path:
    """A file that was given its name in a transaction that is then rolled back."""
    with runtime.database.writing() as session:
        path = store(session, runtime, content)
        session.rollback()
    return path


def test_old_files_without_a_statement_go_and_others_stay(runtime: Runtime) -> None:
    with runtime.database.transaction() as session:
        kept = store(session, runtime, b"kept")
    orphans = [give_up(runtime, content) for content in (b"old orphan", b"young orphan")]
    for path in (kept, orphans[0]):
        os.utime(path, (LONG_AGO, LONG_AGO))
    assert sweep_files(runtime) == 1
    assert [path.is_file() for path in (kept, *orphans)] == [True, False, True]
    assert sweep_files(runtime, old=AT_ONCE) == 1
    assert sweep_files(runtime, old=AT_ONCE) == 0
    assert kept.read_bytes() == b"kept"


def test_a_file_that_a_transaction_is_about_to_name_stays(runtime: Runtime) -> None:
    """An old orphan comes again: the sweep has seen it without a statement, and must look once more."""
    path = give_up(runtime, b"comes again")
    swept: list[int] = []
    sweep = threading.Thread(target=lambda: swept.append(sweep_files(runtime, old=AT_ONCE)))
    with runtime.database.transaction() as session:
        assert store(session, runtime, b"comes again") == path
        sweep.start()
        sweep.join(0.3)
        assert sweep.is_alive(), "the sweep waits for whoever holds files"
        assert path.is_file()
    sweep.join(30)
    assert swept == [0]
    assert path.read_bytes() == b"comes again"


def test_many_senders_and_sweeps_at_once_lose_nothing(runtime: Runtime) -> None:
    """The same few files come and are given up again and again, while sweeps go over them."""
    contents = [bytes([number]) for number in range(3)]
    given_up = give_up(runtime, b"for good")
    stopping = threading.Event()

    def sweep() -> int:
        removed = 0
        while True:
            last = stopping.is_set()
            removed += sweep_files(runtime, old=AT_ONCE)
            if last:
                return removed

    def send(number: int) -> Path:
        for turn in range(12):
            give_up(runtime, contents[(turn + number) % 3])
        with runtime.database.transaction() as session:
            return store(session, runtime, contents[number])

    with ThreadPoolExecutor(4) as pool:
        sweeping = pool.submit(sweep)
        try:
            named = list(pool.map(send, range(3)))
        finally:
            stopping.set()
        assert sweeping.result() > 0
    assert not given_up.exists()
    assert [path.read_bytes() for path in named] == contents


def test_drafts_of_a_crash_go_and_those_of_now_stay(runtime: Runtime) -> None:
    left, other = runtime.files.temporary / "draft-left", runtime.files.temporary / "tmp-other"
    for folder in (left, other):
        folder.mkdir()
        (folder / "1").write_bytes(b"half")
        os.utime(folder, (LONG_AGO, LONG_AGO))
    with draft(runtime, b"now") as (made, _):
        assert sweep_drafts(runtime) == 1
        assert made.path.is_file()
    assert [folder.exists() for folder in (left, other)] == [False, True]


def test_the_sweep_is_a_chore_of_the_worker(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    (found,) = [one for one in chores.chores() if one.name == "xapi.sweep_attachments"]
    assert found.every == timedelta(hours=1)
    assert found.do(runtime) == {"files": 0, "drafts": 0}
    scheduled = runtime.celery.conf.beat_schedule[found.name]
    assert (scheduled["task"], scheduled["args"]) == (chores.TASK, [found.name])


def test_a_chore_that_fails_is_logged_and_ends_nothing(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_runtime: object) -> dict[str, int]:
        raise RuntimeError("no")

    monkeypatch.setattr(chores, "_chores", {})
    chores.chore("test.fail", every=timedelta(hours=1))(fail)
    chores.do_chore(runtime, "test.fail")
    chores.do_chore(runtime, "test.unknown")
