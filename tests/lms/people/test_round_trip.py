"""What is exported can be imported again and changes nothing, whatever people are called."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.core.database import Database
from lms.core.i18n import using
from lms.core.names import normal
from lms.core.sheets.cells import as_typed, harmless
from lms.core.sheets.reading import Family
from lms.people.exporting import write_people
from lms.people.queries import Filter, all_of
from tests.factories.people import import_file, import_people
from tests.lms.conftest import Cast

text = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"]), max_size=30
).map(normal)
names = text.filter(lambda name: any(letter.isalpha() for letter in name)) | st.sampled_from(
    ["=HYPERLINK(1)x", "+An", "-Bình", "@Cúc", "'=Dung", "''+Đạt", "Nguyễn, Văn", 'Trần "Tèo"', "a\u0301"]
)
codes = st.from_regex(r"[A-Z0-9=+@'][A-Z0-9.\-]{1,8}", fullmatch=True)
people = st.fixed_dictionaries(
    {
        "code": codes,
        "name": names,
        "unit_code": st.sampled_from(["10549", "10549-01"]),
        "audience": st.sampled_from(["officer", "citizen"]),
    },
    optional={
        "email": st.sampled_from(["an@example.com", "b.c@example.com.vn"]),
        "phone": st.from_regex(r"0[0-9]{9}", fullmatch=True),
        "position": text,
        "birth_year": st.integers(1930, 2020).map(str),
        "gender": st.sampled_from(["male", "female", "other"]),
        "since": st.dates(date(1990, 1, 1), date(2026, 1, 1)).map(lambda day: f"{day:%d/%m/%Y}"),
    },
)


@pytest.mark.parametrize("family", list(Family))
@pytest.mark.parametrize("locale", ["vi", "en"])
def test_importing_an_export_changes_nothing(
    database: Database, cast: Cast, tmp_path: Path, family, locale
) -> None:
    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(people, min_size=1, max_size=8, unique_by=lambda person: person["code"]))
    def exported_and_imported(crowd) -> None:
        import_people(database, tmp_path, *crowd)
        target = tmp_path / "export"
        with using(locale), database.snapshot() as session:
            listed = all_of(session, Filter(cast.city))
            write_people(target, family, listed)
        again = import_file(database, target)
        assert (again.created, again.changed, again.moved, again.faults) == (0, 0, 0, [])
        assert again.unchanged == len(listed)

    exported_and_imported()


@given(st.text("=+-@'＝\t ab"))
def test_text_made_harmless_starts_no_formula_and_reads_back_as_it_was(typed) -> None:
    safe = harmless(typed)
    assert not safe.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "＝"))
    assert as_typed(safe) == typed
