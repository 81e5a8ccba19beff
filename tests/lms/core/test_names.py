"""Vietnamese names: one spelling, the right order, search without accents."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.core.names import fold, normal, order_key, person_order_key, same_tone_place

VIETNAMESE = st.text(
    "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ ĐÁ"
)


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Đặng Thị Đào", "dang thi dao"),
        ("PHÚ THÁI", "phu thai"),
        ("Nguyễn  Văn\u00a0Ửng ", "nguyen van ung"),
        ("Thuỷ", "thuy"),
        ("Ưu ƠI", "uu oi"),
    ],
)
def test_a_search_sees_neither_accents_nor_capitals(name, folded) -> None:
    assert fold(name) == folded


def test_folding_knows_both_unicode_forms() -> None:
    assert fold(unicodedata.normalize("NFD", "Đỗ Hữu Lượng")) == fold("Đỗ Hữu Lượng") == "do huu luong"


@pytest.mark.parametrize(
    ("new", "old"),
    [("Hoà", "Hòa"), ("Thuỷ", "Thủy"), ("HOÀ", "HÒA"), ("khoẻ", "khỏe"), ("Hoà Bình", "Hòa Bình")],
)
def test_both_places_of_a_tone_are_one_spelling(new, old) -> None:
    assert same_tone_place(new) == old
    assert order_key(new) == order_key(old)


@pytest.mark.parametrize("word", ["hoàn", "quý", "thuý nga".replace("thuý", "thúy"), "toàn", "Quỳnh"])
def test_other_syllables_keep_their_tone(word) -> None:
    assert same_tone_place(word) == word


def test_words_stand_as_in_a_vietnamese_dictionary() -> None:
    words = ["an", "ăn", "ân", "ba", "cam", "da", "đa", "em", "ê", "o", "ô", "ơ", "u", "ư"]
    keys = [order_key(each) for each in words]
    assert keys == sorted(set(keys))


def test_tones_decide_only_between_words_of_the_same_letters() -> None:
    words = ["ma", "mà", "mả", "mã", "má", "mạ", "mán", "mận"]
    keys = [order_key(each) for each in words]
    assert keys == sorted(set(keys))


def test_people_stand_by_given_name_then_family_name_then_middle_name() -> None:
    people = [
        "Trần Văn An",
        "Nguyễn Thị Ánh",
        "Lê Bình",
        "Nguyễn Văn Bình",
        "Nguyễn Xuân Bình",
        "Phạm Văn Dung",
        "Đỗ Văn Đạt",
    ]
    keys = [person_order_key(each) for each in people]
    assert keys == sorted(set(keys))


@given(VIETNAMESE, VIETNAMESE)
def test_the_order_does_not_depend_on_the_unicode_form(one, other) -> None:
    def decomposed(text: str) -> str:
        return unicodedata.normalize("NFD", text)

    assert (order_key(one) < order_key(other)) == (order_key(decomposed(one)) < order_key(decomposed(other)))


@given(st.text())
def test_normal_text_stays_as_it_is(text) -> None:
    assert normal(normal(text)) == normal(text)


@given(st.text())
def test_folded_text_stays_as_it_is_and_has_no_accents(text) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    assert not any(unicodedata.combining(mark) for mark in unicodedata.normalize("NFD", folded))
