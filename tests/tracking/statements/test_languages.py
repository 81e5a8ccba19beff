"""One language of each map, by Accept-Language (Communication 2.1.3.s4.b1 to b4; RFC 9110, RFC 4647)."""

import pytest

from tracking.statements.languages import chosen, wishes


@pytest.mark.parametrize(("header", "expected"), [
    ("vi", ("vi",)),
    ("en-GB, en;q=0.8, vi;q=0.9", ("en-gb", "vi", "en")),
    ("vi;q=0, en", ("en",)),
    ("en;q=0.5, vi;q=0.5", ("en", "vi")),
    ("*", ("*",)),
    ("", ()),
    (",,;q=1", ()),
    ("en;q=much, vi", ("vi",)),
    ("en;q=nan, vi;q=-1, fr;q=7", ("fr",)),
    ("en, EN", ("en",)),
    (", ".join(f"x{number}" for number in range(50)), tuple(f"x{number}" for number in range(20))),
])  # fmt: skip
def test_wishes_are_read_dearest_first_and_nonsense_is_skipped(header, expected):
    assert wishes(header) == expected


@pytest.mark.parametrize(("keys", "header", "expected"), [
    (["en-US", "en-GB"], "en-GB", "en-GB"),
    (["en-US", "en-GB"], "en-gb", "en-GB"),
    (["en-US", "vi"], "vi-VN", "vi"),  # a shorter tag says the same, less exactly
    (["en-US", "vi-VN"], "vi", "vi-VN"),  # RFC 9110: a range is met by what begins with it
    (["zh", "zh-Hant"], "zh-Hant-TW", "zh-Hant"),
    (["zh-Hans-CN", "de-x-old", "de"], "de-x-new", "de"),
    (["fr", "en-US", "vi"], "en-GB, vi", "vi"),  # what meets a later wish comes before what is only akin
    (["fr", "en-US"], "en-GB", "en-US"),
    (["fr", "de", "und"], "vi", "und"),
    (["fr", "de"], "vi", "fr"),
    (["fr", "und", "de"], "vi, *", "und"),
    (["fr", "de"], "", "fr"),
    (["fr", "vi"], "*, vi", "fr"),
])  # fmt: skip
def test_the_entry_nearest_to_the_dearest_wish_is_chosen(keys, header, expected):
    assert chosen(dict.fromkeys(keys, "…"), wishes(header)) == expected
