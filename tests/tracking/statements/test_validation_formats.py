"""Forms of strings: IRIs (Data 4.3), language tags (4.2), timestamps (4.5), durations (4.6)."""

import pytest

from tests.tracking.statements.examples import a_statement, refusal
from tracking.statements.validation import Invalid, formats, iri, languages, times, uuid, validate

IRIS = [
    "http://a.vn",
    "HTTPS://a.vn:8443/x?y=z#f",
    "https://ví-dụ.vn/bài học".replace(" ", "%20"),
    "http://[::1]/x",
    "http://user@host/a(b)'c,d;e=f",
    "urn:uuid:8f87ccde-bb56-4c2e-ab83-44982ef22df0",
    "tag:adlnet.gov,2013:expapi:1",
    "mailto:a@b",
    "x-y.z+1:q",
    "http://example.com/فعل/خواندن",
    "http://example.org/" + "a" * 5000,
]
NOT_IRIS = ["", "should fail", "//a.vn/x", "/x", "x", "ab=c://x", "1a:b", ":x", "a:", "http://", "http:x"]
NOT_IRIS += [
    "https:///x",
    "http://a b",
    "http://a\n",
    "http://a\t",
    "http://a/<b>",
    'http://a/"b"',
    "http://a/{b}",
]
NOT_IRIS += [
    "http://a\\b",
    "http://a|b",
    "http://a^b",
    "http://a`b",
    "http://a/%zz",
    "http://a/%",
    "http://a#b#c",
]
NOT_IRIS += [" http://a", "http://a/\u00a0b", "http://a/\x7f", "http://a/\u0085"]

TAGS = [
    "vi",
    "cmn",
    "de-DE",
    "es-419",
    "zh-Hant",
    "sr-Latn-RS",
    "zh-cmn-Hans-CN",
    "sl-rozaj-biske",
    "de-CH-1901",
]
TAGS += [
    "hy-Latn-IT-arevela",
    "az-Arab-x-AZE-derbend",
    "x-whatever",
    "i-enochian",
    "art-lojban",
    "zh-min-nan",
]
TAGS += [
    "en-GB-oed",
    "EN-us",
    "en-a-myext-b-another",
    "de-x-a-a",
    "x-a-a",
    "en-a-bbbbb-bbbbb",
    "qaa-Qaaa-QM-x-southern",
]
NOT_TAGS = [
    "",
    "something",
    "a12345",
    "a-DE",
    "de-419-DE",
    "ar-a-aaa-b-bbb-a-ccc",
    "zh-z-aaa-z-bbb-c-ccc",
    "x",
    "i",
]
NOT_TAGS += [
    "de_DE",
    "vi-",
    "-vi",
    "vi--VN",
    "sl-rozaj-rozaj",
    "en-a",
    "en-x",
    "vi VN",
    "vi\n",
    "việt",
    "e",
    "٤٤",
]
NOT_TAGS += ["supercalifragilistic", "x-" + "-".join(["abcdefgh"] * 20)]

RFC = [
    "2008-09-15T15:53:00.601Z",
    "2008-09-15 15:53:00.601+00:00",
    "2008-09-15t15:53:00z",
    "2016-12-31T23:59:60Z",
]
RFC += ["2024-02-29T00:00:00-08:00", "2026-01-31T08:00:00.123456789123+07:00", "2026-01-31T08:00:00+23:59"]
ONLY_ISO = [
    "20080915T155300.601Z",
    "20080915T155300+0700",
    "2008-09-15T15:53:00",
    "2008-09-15T15:53",
    "2008-09-15T15:53Z",
]
ONLY_ISO += [
    "2008-09-15T15:53:00,601Z",
    "2008-09-15T15:53:00+07",
    "2008-09-15T15:53:00-0730",
    "20080915T155360Z",
]
NEVER = [
    "",
    "should fail",
    "01/011/2015",
    "2008-09-15",
    "15:53:00Z",
    "2008-09-15T15:53:00.601-00",
    "1221486780",
]
NEVER += [
    "2008-09-15T15:53:00.601-0000",
    "2008-09-15T15:53:00.601-00:00",
    "2008-09-15T15:53-00:00",
    "20080915T1553-00",
]
NEVER += [
    "2008-13-15T15:53:00Z",
    "2008-02-30T15:53:00Z",
    "2023-02-29T00:00:00Z",
    "2008-09-15T24:00:00Z",
    "2008-09-15T15:60:00Z",
]
NEVER += [
    "2008-09-15T15:53:61Z",
    "2008-09-15T15:53:00.Z",
    "2008-09-15T15:53:00Z ",
    "2008-09-15T15:53:00Z\n",
    "2008-09-15T15:53:00+24:00",
]
NEVER += [
    "0000-01-01T00:00:00Z",
    "0001-01-01T00:00:00+01:00",
    "9999-12-31T23:59:59-01:00",
    "2008-09-15x15:53:00Z",
]
NEVER += [
    "٢٠٠٨-09-15T15:53:00Z",
    "2008-9-15T15:53:00Z",
    "+2008-09-15T15:53:00Z",
    "2008-09-15T15:53:00 Z",
    "2008-09-15T15:53:00Zulu",
]

DURATIONS = [
    "PT4H35M59.14S",
    "PT16559.14S",
    "P3Y1M29DT4H35M59.14S",
    "P3Y",
    "P4W",
    "PT1H0M0.1S",
    "PT0S",
    "P1.5D",
]
DURATIONS += ["PT1,5S", "P1.5W", "P1M", "PT1M", "P1YT1S", "PT0.123456789S", "PT36H", "P0D"]
NOT_DURATIONS = [
    "",
    "P",
    "PT",
    "P1",
    "1H",
    "should fail",
    "PA1H0M0S",
    "P4W1D",
    "P1D4W",
    "P1Y4W",
    "-PT1S",
    "+PT1S",
    "pt1s",
]
NOT_DURATIONS += [
    "PT1S1M",
    "P1D1M",
    "PT1.5H3M",
    "P1.5DT1S",
    "P1H",
    "PT1D",
    "PT1S ",
    "PT1S\n",
    "P16559.14S",
    "P0003-01-29T04:35:59",
]
NOT_DURATIONS += ["PT.5S", "PT5.S", "P1DT", "PT١S"]


@pytest.mark.parametrize("text", IRIS)
def test_iris_are_accepted_again_and_again(text: str) -> None:
    for _ in range(2):
        iri(text)


@pytest.mark.parametrize("text", NOT_IRIS)
def test_what_is_no_iri_is_refused_again_and_again(text: str) -> None:
    for _ in range(2):
        with pytest.raises(Invalid, match="IRI with a scheme"):
            iri(text)


@pytest.mark.parametrize("tag", TAGS)
def test_language_tags_are_accepted_as_language_and_as_key(tag: str) -> None:
    for _ in range(2):
        validate(a_statement(context={"language": tag}, verb={"id": "urn:v", "display": {tag: "x"}}), "2.0.0")


@pytest.mark.parametrize("tag", NOT_TAGS)
def test_what_is_no_language_tag_is_refused_as_language_and_as_key(tag: str) -> None:
    assert refusal(a_statement(context={"language": tag})).path == "context.language"
    assert refusal(a_statement(verb={"id": "urn:v", "display": {tag: "x"}})).path.startswith("verb.display")


@pytest.mark.parametrize("property_", ["timestamp", "stored"])
@pytest.mark.parametrize("text", RFC)
def test_timestamps_of_rfc_3339_are_accepted_by_both_versions(text: str, property_: str) -> None:
    validate(a_statement(**{property_: text}), "1.0.3")
    validate(a_statement(**{property_: text}), "2.0.0")


@pytest.mark.parametrize("text", ONLY_ISO)
def test_other_timestamps_of_iso_8601_are_accepted_by_1_0_3_alone(text: str) -> None:
    validate(a_statement(timestamp=text), "1.0.3")
    assert refusal(a_statement(timestamp=text), "2.0.0").path == "timestamp"


@pytest.mark.parametrize("property_", ["timestamp", "stored"])
@pytest.mark.parametrize("text", NEVER)
def test_what_is_no_timestamp_is_refused_by_both_versions(text: str, property_: str) -> None:
    assert refusal(a_statement(**{property_: text}), "1.0.3").path == property_
    assert refusal(a_statement(**{property_: text}), "2.0.0").path == property_


@pytest.mark.parametrize("value", [0, 1.5, {}, [], True])
def test_a_timestamp_is_a_string(value: object) -> None:
    assert refusal(a_statement(timestamp=value), "1.0.3").path == "timestamp"
    assert refusal(a_statement(timestamp=value), "2.0.0").path == "timestamp"


@pytest.mark.parametrize("text", DURATIONS)
def test_durations_of_iso_8601_are_accepted(text: str) -> None:
    validate(a_statement(result={"duration": text}), "1.0.3")


@pytest.mark.parametrize("text", NOT_DURATIONS)
def test_what_is_no_duration_is_refused(text: str) -> None:
    assert refusal(a_statement(result={"duration": text})).path == "result.duration"


def test_a_uuid_as_a_parameter_is_held_to_the_same_form() -> None:
    uuid("8f87ccde-bb56-4c2e-ab83-44982ef22df0")
    with pytest.raises(Invalid, match="not a UUID"):
        uuid("8f87ccde")


def test_what_is_remembered_stays_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "REMEMBERED", 3)
    monkeypatch.setattr(languages, "REMEMBERED", 3)
    monkeypatch.setattr(formats, "_known_iris", set())
    monkeypatch.setattr(languages, "_known", set())
    for number in range(10):
        assert formats.is_iri(f"urn:x:{number}")
        assert languages.is_tag(f"x-{number}")
    assert len(formats._known_iris) <= 3
    assert len(languages._known) <= 3
    assert formats.is_iri("urn:" + "x" * 1000)
    assert "urn:" + "x" * 1000 not in formats._known_iris


def test_hostile_strings_are_judged_quickly() -> None:
    many = 100_000
    assert not formats.is_iri("a:" + "%41" * many + " ")
    assert not times.is_duration("P" + "1" * many)
    assert not times.is_iso_timestamp("2008-09-15T15:53:00." + "1" * many + "x")
    assert not languages.is_tag("a-" * many)
