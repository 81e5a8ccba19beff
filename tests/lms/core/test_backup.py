"""Documents in a backup: rows that may be large."""

from dataclasses import replace
from pathlib import Path

import pytest

from lms.core import backup
from lms.core.runtime import Runtime
from tests.conftest import Databases
from tests.lms.conftest import build_tables
from tracking.documents import services
from tracking.documents.places import profile_of_activity
from tracking.documents.queries import document

SHELF = profile_of_activity("https://example.org/lesson")


def test_documents_come_back_byte_for_byte_however_many_are_held_at_once(
    runtime: Runtime, databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(backup, "BATCH_BYTES", 3000)
    places = [SHELF.place(f"document {number}") for number in range(45)]
    with runtime.database.transaction() as session:
        kept = [
            services.put(session, place, bytes(range(256)) * number, "application/octet-stream")
            for number, place in enumerate(places)
        ]
    counts = backup.back_up(runtime, tmp_path / "backup.tar.gz")
    assert counts["document"] == len(places)
    address = databases.fresh(databases.template(build_tables))
    other = Runtime(replace(runtime.settings, data=tmp_path / "other", database_url=address))
    assert backup.restore(other, tmp_path / "backup.tar.gz") == counts
    with other.database.snapshot() as session:
        assert [document(session, place) for place in places] == kept
    other.close()
