"""The invented people of the demo city, as rows of a roster."""

import csv
from collections.abc import Iterator
from pathlib import Path
from random import Random

from lms.demo.names import invented_name
from lms.units.models import Kind
from lms.units.services import Row

CHU_VAN_AN, DAI_SON = "10549", "11086"
OFFICERS = {CHU_VAN_AN: 57}  # as the commune reported; elsewhere 20 to 60
SINCE = "01/07/2025"  # the day on which today's communes began to work
TITLES = ("code", "name", "unit_code", "audience", "position", "birth_year", "gender", "since")

_HEADS = (
    "Chủ tịch Ủy ban nhân dân",
    "Phó Chủ tịch Ủy ban nhân dân",
    "Chánh Văn phòng Hội đồng nhân dân và Ủy ban nhân dân",
    "Trưởng phòng Văn hóa – Xã hội",
    "Trưởng phòng Kinh tế",
    "Phó Giám đốc Trung tâm Phục vụ hành chính công",
)
_DEPARTMENT_HEADS = ("Giám đốc", "Phó Giám đốc", "Chánh Văn phòng", "Trưởng phòng")


def officer_code(unit_code: str, number: int) -> str:
    return f"CB-{unit_code}-{number:03}"


def citizen_code(unit_code: str, number: int) -> str:
    return f"CD-{unit_code}-{number:03}"


def write_roster(target: Path, units: list[Row]) -> None:
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(TITLES)
        for unit in units:
            writer.writerows(_people(unit))


def _people(unit: Row) -> Iterator[tuple[object, ...]]:
    # A generator of its own for each unit: a change in one leaves the people of the others as they are.
    random = Random(f"people of {unit.code}")
    if unit.kind in (Kind.COMMUNE, Kind.DEPARTMENT):
        heads = _HEADS if unit.kind == Kind.COMMUNE else _DEPARTMENT_HEADS
        drawn = random.randint(20, 60)
        for number in range(1, OFFICERS.get(unit.code, drawn) + 1):
            name, gender = invented_name(random)
            position = heads[number - 1] if number <= len(heads) else "Chuyên viên"
            born = random.randint(1967, 2001)
            yield officer_code(unit.code, number), name, unit.code, "officer", position, born, gender, SINCE
    elif unit.kind == Kind.VILLAGE:
        for number in range(1, random.randint(10, 18) + 1):
            name, gender = invented_name(random)
            born = min(random.randint(1942, 2007), random.randint(1942, 2007))
            yield citizen_code(unit.code, number), name, unit.code, "citizen", "", born, gender, SINCE
