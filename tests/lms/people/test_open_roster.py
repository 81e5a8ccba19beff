"""Files as communes send them."""

import zipfile
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from lms.core.errors import Refused
from lms.core.sheets import reading
from lms.core.sheets.reading import Family
from lms.people.reading import BadRow, Entry, Roster, open_roster
from tests.factories.people import HEADINGS, sheet_csv, sheet_ods, sheet_xlsx

ROW = ("CB01", "Nguyễn Văn An", "10549", "officer")
VIETNAMESE = ("Mã", "Họ và tên", "Mã đơn vị", "Đối tượng")


def entries(roster: Roster) -> list[Entry]:
    rows = list(roster.rows())
    assert all(isinstance(row, Entry) for row in rows), rows
    return [row for row in rows if isinstance(row, Entry)]


def faults(roster: Roster) -> list[tuple[int, str, str]]:
    return [
        (fault.row, fault.column, fault.reason)
        for row in roster.rows()
        if isinstance(row, BadRow)
        for fault in row.faults
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_with_or_without_bom_and_with_any_usual_delimiter(tmp_path: Path, delimiter, encoding) -> None:
    file = sheet_csv(tmp_path / "a.csv", [VIETNAMESE, ROW], delimiter=delimiter, encoding=encoding)
    (entry,) = entries(open_roster(file))
    assert (entry.code, entry.name, entry.unit_code, entry.audience, entry.row) == (*ROW, 2)


@pytest.mark.parametrize("write", [sheet_xlsx, sheet_ods])
def test_workbooks(tmp_path: Path, write) -> None:
    roster = open_roster(write(tmp_path / "file", [HEADINGS, ROW]))
    assert roster.family is Family.WORKBOOK
    assert [entry.code for entry in entries(roster)] == ["CB01"]


@pytest.mark.parametrize(
    "headings",
    [
        ("code", "name", "unit_code", "audience"),
        ("Code", "Full name", "Unit code", "AUDIENCE"),
        VIETNAMESE,
        ("MÃ (*)", "HỌ VÀ TÊN", "MÃ ĐƠN VỊ:", "ĐỐI TƯỢNG (cán bộ/người dân)"),
        ("ma", "ho ten", "ma don vi", "doi tuong"),
        ("Ma\u0303", "Ho\u0323 va\u0300 te\u0302n", "Mã đơn vị", "Đối tượng"),
    ],
)
def test_headings_in_both_languages_with_or_without_accents(tmp_path: Path, headings) -> None:
    (entry,) = entries(open_roster(sheet_csv(tmp_path / "a.csv", [headings, ROW])))
    assert (entry.code, entry.audience) == ("CB01", "officer")


def test_columns_in_any_order_with_others_between(tmp_path: Path) -> None:
    rows = [
        ("STT", "Đối tượng", "Ghi chú", "Họ và tên", "Mã đơn vị", "Mã"),
        (1, "Cán bộ", "x", "Trần Thị B", 10549, "CB02"),
    ]
    roster = open_roster(sheet_xlsx(tmp_path / "a.xlsx", rows))
    (entry,) = entries(roster)
    assert (entry.code, entry.name, entry.unit_code) == ("CB02", "Trần Thị B", "10549")
    assert roster.heading.ignored == ["STT", "Ghi chú"]


@pytest.mark.parametrize("write", [sheet_xlsx, sheet_csv, sheet_ods])
def test_title_and_blank_rows_above_the_headings_count_in_row_numbers(tmp_path: Path, write) -> None:
    rows = [
        ("ỦY BAN NHÂN DÂN PHƯỜNG", "", "", ""),
        ("", "", "", ""),
        ("Danh sách cán bộ năm 2026", "", "", ""),
        VIETNAMESE,
        ROW,
        ("", "", "", ""),
        ("CB02", "", "10549", "officer"),
        ("", "", "", ""),
    ]
    roster = open_roster(write(tmp_path / "file", rows))
    assert faults(roster) == [(7, "Họ và tên", "This must be filled in.")]
    assert roster.count() == 2


def test_headings_that_go_on_below_merged_cells(tmp_path: Path) -> None:
    rows = [
        (*VIETNAMESE, "Liên hệ", ""),
        ("", "", "", "", "Thư điện tử", "Điện thoại"),
        (*ROW, "an@example.com", 912345678),
    ]
    (entry,) = entries(open_roster(sheet_xlsx(tmp_path / "a.xlsx", rows)))
    assert entry.contact == {"email": "an@example.com", "phone": "0912345678"}
    assert entry.row == 3


def test_the_sheet_with_the_headings_is_taken(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        book.add_worksheet("Hướng dẫn").write_string(0, 0, "Điền vào trang sau, mã và họ tên")
        people = book.add_worksheet("Danh sách")
        people.write_row(0, 0, HEADINGS)
        people.write_row(1, 0, ROW)
    assert len(entries(open_roster(tmp_path / "a.xlsx"))) == 1


def test_cells_as_spreadsheets_mangle_them(tmp_path: Path) -> None:
    rows = [
        (*HEADINGS, "phone", "birth_year", "since", "gender"),
        (12.0, "An", 10549.0, "Cán bộ", 912345678, 1985.0, date(2025, 7, 1), "Nữ"),
    ]
    (entry,) = entries(open_roster(sheet_xlsx(tmp_path / "a.xlsx", rows)))
    assert (entry.code, entry.unit_code, entry.since) == ("12", "10549", date(2025, 7, 1))
    assert entry.contact == {"phone": "0912345678", "birth_year": 1985, "gender": "female"}


def test_every_error_of_a_row_is_named_with_row_and_column(tmp_path: Path) -> None:
    headings = (*HEADINGS, "email", "phone", "since")
    rows = [headings, ROW, ("", "Trần", "10549", "học sinh", "an@", "123", "hôm qua")]
    assert [fault[:2] for fault in faults(open_roster(sheet_csv(tmp_path / "a.csv", rows)))] == [
        (3, "code"),
        (3, "audience"),
        (3, "email"),
        (3, "phone"),
        (3, "since"),
    ]


def test_a_code_that_stands_twice_is_an_error_of_the_later_row(tmp_path: Path) -> None:
    file = sheet_csv(tmp_path / "a.csv", [HEADINGS, ROW, ("CB02", "B", "10549", "officer"), ROW])
    assert faults(open_roster(file)) == [(4, "code", "The code “CB01” stands in row 2 already.")]


def test_rows_shorter_and_longer_than_the_headings(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(
        "code,name,unit_code,audience,email\nCB01,An,10549,officer\nCB02,Bình,10549,officer,,,x\n"
    )
    assert [entry.code for entry in entries(open_roster(file))] == ["CB01", "CB02"]


def refusal(file: Path) -> str:
    with pytest.raises(Refused) as refused:
        list(open_roster(file).rows())
    return str(refused.value)


def test_other_encodings_are_refused_in_plain_words(tmp_path: Path) -> None:
    rows = [HEADINGS, ("CB01", "Nguyễn", "10549", "officer")]
    for encoding in ("utf-16", "cp1258"):
        text = [[cell.replace("ễ", "ê") for cell in row] for row in rows]
        assert "not UTF-8" in refusal(sheet_csv(tmp_path / "a.csv", text, encoding=encoding))


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    file = sheet_csv(tmp_path / "a.csv", [("Mã", "Họ và tên"), ("CB01", "An")])
    assert refusal(file).startswith("These columns are missing: Unit code (unit_code), Audience (audience).")


def test_a_column_that_stands_twice_is_refused(tmp_path: Path) -> None:
    file = sheet_csv(tmp_path / "a.csv", [(*HEADINGS, "Họ tên"), (*ROW, "Bình")])
    assert refusal(file) == "The column “Họ tên” stands twice. Delete one of them."


@pytest.mark.parametrize("content", [b"", b"xin ch\xc3\xa0o\n", b"1;2;3\n4;5;6\n"])
def test_a_file_without_headings_is_refused(tmp_path: Path, content) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(content)
    assert refusal(file).startswith("No row of headings was found.")


@pytest.mark.parametrize("content", [b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0 broken"])
def test_a_damaged_workbook_is_refused(tmp_path: Path, content) -> None:
    file = tmp_path / "a.xlsx"
    file.write_bytes(content)
    assert refusal(file).startswith("The file cannot be opened")


def test_a_zip_that_is_no_spreadsheet_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("photo.jpg", b"x")
    assert refusal(tmp_path / "a.xlsx").startswith("The file cannot be opened")


def test_an_unclosed_quotation_mark_is_named_with_its_row(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text('code,name,unit_code,audience\nCB01,"An,10549,officer\nCB02,Bình,10549,officer\n')
    assert refusal(file).startswith("Row 2 cannot be read: a quotation mark is missing")


TOO_LARGE = "The file is too large once it is opened."


def test_a_stray_cell_in_the_last_corner_does_not_take_all_memory(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADINGS)
        sheet.write_string(1048575, 16383, "x")
    assert refusal(tmp_path / "a.xlsx").startswith(TOO_LARGE)


def test_cells_that_are_only_formatted_take_no_room(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADINGS)
        sheet.write_row(1, 0, ROW)
        sheet.write_blank(1048575, 16383, None, book.add_format({"bold": True}))
    assert len(entries(open_roster(tmp_path / "a.xlsx"))) == 1


def test_a_cell_that_says_it_is_repeated_does_not_take_all_memory(tmp_path: Path) -> None:
    file = sheet_ods(tmp_path / "a.ods", [HEADINGS, ROW])
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    times = b'<table:table-row table:number-rows-repeated="1000000">'
    first = parts["content.xml"].replace(b"<table:table-row>", times, 1)
    wide = b'<table:table-cell table:number-columns-repeated="16000" '
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in {**parts, "content.xml": first.replace(b"<table:table-cell ", wide, 1)}.items():
            archive.writestr(name, data)
    assert refusal(file).startswith(TOO_LARGE)


def test_blank_rows_to_the_end_of_an_ods_sheet_take_no_room(tmp_path: Path) -> None:
    file = sheet_ods(tmp_path / "a.ods", [HEADINGS, ROW])
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    blank = b'<table:table-row table:number-rows-repeated="1048574"><table:table-cell/></table:table-row>'
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data.replace(b"</table:table>", blank + b"</table:table>"))
    assert len(entries(open_roster(file))) == 1


def test_a_file_that_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_UNPACKED", 1000)
    assert refusal(sheet_xlsx(tmp_path / "a.xlsx", [HEADINGS, ROW])).startswith(TOO_LARGE)
