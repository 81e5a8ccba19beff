"""What cells may hold."""

from datetime import date, datetime

import pytest

from lms.core.errors import Refused
from lms.people import values


@pytest.mark.parametrize(
    ("cell", "phone"),
    [
        ("0912345678", "0912345678"),
        ("0912 345 678", "0912345678"),
        ("0912.345.678", "0912345678"),
        ("(0225) 382-421", "0225382421"),
        ("+84912345678", "0912345678"),
        ("+84 912 345 678", "0912345678"),
        ("84912345678", "0912345678"),
        ("0084912345678", "0912345678"),
        (912345678.0, "0912345678"),
        (912345678, "0912345678"),
        ("912345678", "0912345678"),
        ("912345678.0", "0912345678"),
    ],
)
def test_telephone_numbers_are_kept_as_ten_digits(cell, phone) -> None:
    assert values.read_phone(cell) == phone


@pytest.mark.parametrize(
    "cell",
    ["", "12345", "09123456789", "0912345678 / 0987654321", "không có", "+85512345678", "٠٩١٢٣٤٥٦٧٨"],
)
def test_what_is_no_telephone_number_is_refused(cell) -> None:
    with pytest.raises(Refused, match="not a telephone number"):
        values.read_phone(cell)


@pytest.mark.parametrize(
    ("cell", "audience"),
    [
        ("officer", "officer"),
        ("Officer ", "officer"),
        ("Cán bộ", "officer"),
        ("CÁN BỘ", "officer"),
        ("can bo", "officer"),
        ("Cán bộ, công chức", "officer"),
        ("cán bộ - công chức", "officer"),
        ("Viên chức", "officer"),
        ("CBCC", "officer"),
        ("citizen", "citizen"),
        ("Người dân", "citizen"),
        ("nguoi dan", "citizen"),
        ("Công dân", "citizen"),
    ],
)
def test_audiences_are_understood_in_both_languages(cell, audience) -> None:
    assert values.read_audience(cell) == audience


def test_another_word_is_no_audience() -> None:
    with pytest.raises(Refused, match="“Học sinh” is not an audience"):
        values.read_audience("Học sinh")


@pytest.mark.parametrize(
    "cell",
    [
        "31/03/2026",
        "31-03-2026",
        "2026-03-31",
        "2026-03-31 00:00:00",
        "2026-03-31T00:00:00",
        date(2026, 3, 31),
        datetime(2026, 3, 31, 8, 30),  # noqa: DTZ001  (cells have no zone)
        46112,
        46112.0,
        "46112",
    ],
)
def test_dates_are_read_as_text_as_cells_and_as_serial_numbers(cell) -> None:
    assert values.read_since(cell) == date(2026, 3, 31)


@pytest.mark.parametrize("cell", ["31/02/2026", "2026", "March", "03/31/2026", 12, 3.5, "31/03/26"])
def test_what_is_no_date_is_refused(cell) -> None:
    with pytest.raises(Refused, match="is not a date"):
        values.read_since(cell)


@pytest.mark.parametrize("cell", ["01/01/1900", "01/01/2999"])
def test_dates_far_away_are_refused(cell) -> None:
    with pytest.raises(Refused, match="too far away"):
        values.read_since(cell)


@pytest.mark.parametrize("cell", [1985, 1985.0, "1985", "1985.0", "02/09/1985", date(1985, 9, 2)])
def test_the_year_of_birth_is_read_from_a_year_or_a_date(cell) -> None:
    assert values.read_birth_year(cell) == 1985


@pytest.mark.parametrize(
    ("cell", "told"), [("1850", "must lie between"), ("2999", "must lie between"), ("trẻ", "is not a year")]
)
def test_what_is_no_year_of_birth_is_refused(cell, told) -> None:
    with pytest.raises(Refused, match=told):
        values.read_birth_year(cell)


@pytest.mark.parametrize(
    ("cell", "gender"),
    [("Nam", "male"), ("nữ", "female"), ("NU", "female"), ("F", "female"), ("Khác", "other")],
)
def test_genders_are_understood_in_both_languages(cell, gender) -> None:
    assert values.read_gender(cell) == gender


def test_another_word_is_no_gender() -> None:
    with pytest.raises(Refused, match="is not a gender"):
        values.read_gender("x")


@pytest.mark.parametrize("cell", ["An@Example.COM", " an@example.com ", "mailto:an@example.com"])
def test_addresses_are_kept_in_small_letters(cell) -> None:
    assert values.read_email(cell) == "an@example.com"


@pytest.mark.parametrize(
    "cell", ["an", "an@", "an@example", "a n@example.com", "a@b.c, d@e.f", "@example.com"]
)
def test_what_is_no_address_is_refused(cell) -> None:
    with pytest.raises(Refused, match="is not an e-mail address"):
        values.read_email(cell)


@pytest.mark.parametrize(
    ("cell", "code"),
    [(12.0, "12"), ("12.0", "12"), ("10549", "10549"), (" CB-01 ", "CB-01"), ("ma\u0303", "mã")],
)
def test_codes_are_text_without_what_spreadsheets_add(cell, code) -> None:
    assert values.read_code(cell) == code


def test_names_are_nfc_with_single_spaces_and_nothing_invisible() -> None:
    assert values.read_name("  Nguye\u0302\u0303n\u00a0 Va\u0306n\u200b  An ") == "Nguyễn Văn An"


@pytest.mark.parametrize(("reader", "cell"), [(values.read_name, "12"), (values.read_name, "---")])
def test_a_name_needs_a_letter(reader, cell) -> None:
    with pytest.raises(Refused, match="is not a name"):
        reader(cell)


def test_text_longer_than_its_column_is_refused() -> None:
    with pytest.raises(Refused, match="too long"):
        values.read_code("x" * 61)
