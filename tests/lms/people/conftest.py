"""People of two communes and a village, in whose pages the cast looks around."""

from pathlib import Path
from uuid import UUID

import pytest

from lms.core.database import Database
from tests.factories.people import import_people, the_person
from tests.lms.conftest import Cast


@pytest.fixture
def crowd(database: Database, cast: Cast, tmp_path: Path) -> dict[str, UUID]:
    """Ids by code: Ánh and An in the manager's commune, Đạt in its village, Cúc in the other commune."""
    rows = [
        ("CB1", "Trần Thị Ánh", "10549", "officer"),
        ("CB2", "Nguyễn Văn An", "10549", "officer"),
        ("CD1", "Đỗ Thành Đạt", "10549-01", "citizen"),
        ("CB9", "Lê Thị Cúc", "10660", "officer"),
    ]
    titles = ("code", "name", "unit_code", "audience")
    report = import_people(
        database, tmp_path, *(dict(zip(titles, row, strict=True), since="01/07/2025") for row in rows)
    )
    assert report.created == len(rows)
    with database.snapshot() as session:
        return {code: the_person(session, code).id for code, *_ in rows}
