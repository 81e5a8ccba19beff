"""`lms units import`: the tree from a CSV file."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from lms.core.commands import PlainGroup
from lms.core.runtime import Runtime
from lms.units.cli import units
from lms.units.models import Unit
from lms.units.queries import subtree_ids, unit_of_code, units_matching

CITY = "31,Thành phố Hải Phòng,city,\n"
COMMUNE = "10549,Phường Chu Văn An,commune,31\n"
VILLAGE = "10549-01,Tổ dân phố 1,village,10549\n"
OTHER = "10660,Phường Ái Quốc,commune,31\n"


def run(runtime: Runtime, folder: Path, text: str | bytes, *, code: int = 0) -> Any:
    file = folder / "units.csv"
    file.write_bytes(text if isinstance(text, bytes) else ("code,name,kind,parent_code\n" + text).encode())
    group = PlainGroup("lms", commands=[units])
    ran = CliRunner().invoke(group, ["units", "import", str(file), "--json"], obj=runtime)
    assert ran.exit_code == code, (ran.output, ran.exception)
    return json.loads(ran.stdout) if code == 0 else ran.stderr


def paths(runtime: Runtime) -> dict[str, str]:
    """The codes from the top down to each unit."""
    with runtime.database.snapshot() as session:
        found = {unit.id: unit for unit in session.scalars(select(Unit))}
        return {
            unit.code: "/".join(found[int(part)].code for part in unit.path.strip("/").split("/"))
            for unit in found.values()
        }


def test_rows_in_any_order_make_the_tree(runtime: Runtime, tmp_path: Path) -> None:
    assert run(runtime, tmp_path, VILLAGE + COMMUNE + CITY) == {"created": 3, "changed": 0, "unchanged": 0}
    assert paths(runtime) == {"31": "31", "10549": "31/10549", "10549-01": "31/10549/10549-01"}


def test_the_same_file_twice_changes_nothing(runtime: Runtime, tmp_path: Path) -> None:
    run(runtime, tmp_path, CITY + COMMUNE)
    assert run(runtime, tmp_path, CITY + COMMUNE) == {"created": 0, "changed": 0, "unchanged": 2}


def test_a_new_parent_takes_the_whole_subtree_along(runtime: Runtime, tmp_path: Path) -> None:
    run(runtime, tmp_path, CITY + COMMUNE + VILLAGE + OTHER)
    moved = run(runtime, tmp_path, "10549,Phường Chu Văn An,commune,10660\n")
    assert moved == {"created": 0, "changed": 1, "unchanged": 0}
    assert paths(runtime)["10549-01"] == "31/10660/10549/10549-01"


def test_units_that_are_not_in_the_file_stay(runtime: Runtime, tmp_path: Path) -> None:
    run(runtime, tmp_path, CITY + COMMUNE)
    run(runtime, tmp_path, OTHER)
    assert set(paths(runtime)) == {"31", "10549", "10660"}


def test_names_are_found_without_accents_and_sorted_as_in_vietnamese(
    runtime: Runtime, tmp_path: Path
) -> None:
    more = (
        "1,Xã Đại Sơn,commune,31\n2,Xã Cẩm Giàng,commune,31\n3,Xã Cẩm Giang,commune,31\n4,Xã Ẩn,commune,31\n"
    )
    run(runtime, tmp_path, CITY + more)
    with runtime.database.snapshot() as session:
        city = unit_of_code(session, "31")
        assert [unit.name for unit in units_matching(session, "CAM GIANG", city)] == [
            "Xã Cẩm Giang",
            "Xã Cẩm Giàng",
        ]
        found = [unit.name for unit in units_matching(session, "xa", city)]
        assert found == ["Xã Ẩn", "Xã Cẩm Giang", "Xã Cẩm Giàng", "Xã Đại Sơn"]


def test_a_subtree_is_the_unit_and_all_below_it(runtime: Runtime, tmp_path: Path) -> None:
    run(runtime, tmp_path, CITY + COMMUNE + VILLAGE + OTHER)
    with runtime.database.snapshot() as session:
        commune, village = unit_of_code(session, "10549"), unit_of_code(session, "10549-01")
        assert subtree_ids(session, commune) == {commune.id, village.id}
        assert commune.reaches(village)
        assert not village.reaches(commune)


def test_a_file_with_bom_and_blank_lines_is_read(runtime: Runtime, tmp_path: Path) -> None:
    text = ("code,name,kind,parent_code\n\n" + CITY + ",,,\n").encode("utf-8-sig")
    assert run(runtime, tmp_path, text)["created"] == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("1,A,kingdom,\n", "Line 2: the kind “kingdom” is not known."),
        ("1,,city,\n", "Line 2: the column “name” is empty."),
        (",A,city,\n", "Line 2: the column “code” is empty."),
        (CITY + "1,A,commune,9\n", "Line 3: there is no unit with the code “9”"),
        (CITY + CITY, "Line 3: the code “31” stands in line 2 already."),
        ("1,A,commune,2\n2,B,commune,1\n", "lies below itself"),
        (CITY + "1,A,commune,1\n", "lies below itself"),
    ],
)
def test_a_file_with_an_error_is_refused_as_a_whole(runtime: Runtime, tmp_path: Path, text, told) -> None:
    assert told in run(runtime, tmp_path, text, code=1)
    assert paths(runtime) == {}


def test_a_circle_with_units_of_earlier_imports_is_refused(runtime: Runtime, tmp_path: Path) -> None:
    run(runtime, tmp_path, CITY + COMMUNE + VILLAGE)
    told = run(runtime, tmp_path, "10549,Phường Chu Văn An,commune,10549-01\n", code=1)
    assert "would lie below itself" in told
    assert paths(runtime)["10549"] == "31/10549"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"code,name\n1,A\n", "Missing: kind, parent_code."),
        ("code,name,kind,parent_code\n1,Hải,city,\n".encode("utf-16"), "not UTF-8 text"),
        (b"", "The first line must name the columns."),
    ],
)
def test_a_file_that_is_none_of_units_is_refused(runtime: Runtime, tmp_path: Path, data, told) -> None:
    assert told in run(runtime, tmp_path, data, code=1)
