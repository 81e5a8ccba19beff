from tracking.record.definitions import merged


def test_languages_and_extensions_are_added_one_by_one():
    known = {"name": {"vi": "Bài", "en": "Old"}, "extensions": {"https://e.org/a": 1}}
    said = {"name": {"en": "Lesson"}, "extensions": {"https://e.org/b": None}}
    assert merged(known, said) == {
        "name": {"vi": "Bài", "en": "Lesson"},
        "extensions": {"https://e.org/a": 1, "https://e.org/b": None},
    }


def test_anything_else_is_replaced_whole():
    known = {"choices": [{"id": "a"}, {"id": "b"}], "moreInfo": "https://e.org/old"}
    assert merged(known, {"choices": [{"id": "c"}]}) == {
        "choices": [{"id": "c"}],
        "moreInfo": "https://e.org/old",
    }


def test_what_was_known_is_left_as_it_was():
    known = {"name": {"vi": "Bài"}}
    merged(known, {"name": {"vi": "Khác"}})
    assert known == {"name": {"vi": "Bài"}}
