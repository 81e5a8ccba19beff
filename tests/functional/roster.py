"""57 officers of one ward, and a course, made through the commands alone."""

import csv
from pathlib import Path
from typing import Any

from courses.packaging import BuildItem, build
from tests.functional.serving import Installation

UNITS = [("31", "Thành phố Hải Phòng", "city", ""), ("10549", "Phường Chu Văn An", "commune", "31")]
OFFICERS = [f"CVA-{number:03d}" for number in range(1, 58)]


def write(path: Path, header: tuple[str, ...], rows: list[tuple[str, ...]]) -> Path:
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def import_course(installation: Installation) -> dict[str, Any]:
    """A course of one lesson under the slug `one-touch`."""
    page = b"<!doctype html><title>One Touch</title><p>One Touch"
    lesson = BuildItem(identifier="L1", title="One Touch", href="index.html")
    package = installation.data / "course.zip"
    package.write_bytes(
        build({"index.html": page}, identifier="one-touch", title="One Touch", lessons=[lesson])
    )
    answer: dict[str, Any] = installation.json("courses", "import", str(package), "--slug", "one-touch")
    return answer


def load_roster(installation: Installation) -> None:
    units = write(installation.data / "units.csv", ("code", "name", "kind", "parent_code"), UNITS)
    installation.lms("units", "import", str(units))
    people = write(
        installation.data / "people.csv",
        ("Mã", "Họ và tên", "Mã đơn vị", "Đối tượng", "Từ ngày"),
        [(code, f"Nguyễn Văn {code}", "10549", "Cán bộ", "01/01/2026") for code in OFFICERS],
    )
    report = installation.json("people", "import", str(people))
    assert (report["created"], report["errors"]) == (57, [])
