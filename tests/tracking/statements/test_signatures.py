"""Signatures of statements (xAPI 1.0.3 part 2, 2.6; RFC 7515)."""

from copy import deepcopy
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tracking.statements.examples import ATTACHMENT, UUID, VERSIONS, a_statement
from tests.tracking.statements.signing import a_key, an_elliptic_key, certificate, encoded, sign
from tracking.statements.comparing import SIGNATURE
from tracking.statements.signatures import check_signature
from tracking.statements.validation import Invalid, Version

STATEMENT = a_statement(id=UUID, timestamp="2026-01-31T08:00:00Z", result={"duration": "PT1.25S"})
PAYLOAD = orjson.dumps(STATEMENT)
SIGNED = a_statement(**STATEMENT, attachments=[ATTACHMENT | {"usageType": SIGNATURE}])


def refusal(token: bytes, statement: dict[str, Any] = SIGNED) -> str:
    with pytest.raises(Invalid) as caught:
        check_signature(token, deepcopy(statement), "1.0.3")
    return str(caught.value)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("alg", ["RS256", "RS384", "RS512"])
def test_the_three_algorithms_are_accepted_with_a_certificate_and_without(alg: str, version: Version) -> None:
    """2.6.s4.b4, XAPI-00117."""
    check_signature(sign(PAYLOAD, alg=alg), deepcopy(SIGNED), version)
    check_signature(sign(PAYLOAD, {"alg": alg}, alg=alg), deepcopy(SIGNED), version)


@pytest.mark.parametrize(
    "change",
    [
        {
            "authority": {"mbox": "mailto:lrs@example.org"},
            "stored": "2026-02-01T00:00:00Z",
            "version": "1.0.0",
        },
        {"timestamp": "2026-01-31T15:00:00+07:00"},
        {"result": {"duration": "PT1.257S"}},
        {"verb": {"id": STATEMENT["verb"]["id"], "display": {"vi": "hoàn thành"}}},
    ],
)
def test_what_may_differ_between_equal_statements_may_differ_here(change: dict[str, Any]) -> None:
    """2.6.s5.b3.b2 with 2.3.1.s9.b1."""
    check_signature(sign(PAYLOAD), deepcopy(SIGNED) | change, "1.0.3")


def test_a_statement_signed_before_it_had_an_id_is_accepted() -> None:
    unnamed = {name: value for name, value in STATEMENT.items() if name not in ("id", "timestamp")}
    check_signature(sign(orjson.dumps(unnamed)), deepcopy(SIGNED), "1.0.3")


def test_other_attachments_are_part_of_what_is_signed() -> None:
    others = [ATTACHMENT]
    both = STATEMENT | {"attachments": [*others, *SIGNED["attachments"]]}
    check_signature(sign(orjson.dumps(STATEMENT | {"attachments": others})), both, "1.0.3")
    assert "another statement" in refusal(sign(PAYLOAD), both)


@pytest.mark.parametrize(
    "change",
    [
        {"id": "fd41c918-b88b-4b20-a0a5-a4c32391aaa0"},
        {"actor": {"mbox": "mailto:minh@example.org"}},
        {"verb": {"id": "http://adlnet.gov/expapi/verbs/passed"}},
        {"object": {"id": "https://example.org/lessons/2"}},
        {"timestamp": "2026-01-31T08:00:00.001Z"},
        {"result": {"duration": "PT1.26S"}},
        {"result": {"duration": "PT1.25S", "success": True}},
    ],
)
def test_a_signature_of_another_statement_is_refused(change: dict[str, Any]) -> None:
    """2.6.s5.b3.b2."""
    assert "another statement" in refusal(sign(orjson.dumps(STATEMENT | change)))


@pytest.mark.parametrize(
    ("payload", "complaint"),
    [
        (PAYLOAD.replace(b'"', b"'", 1), "not JSON"),  # XAPI-00116
        (b"", "compact serialization"),
        (b"[]", "must be one object"),
        (b'"text"', "must be one object"),
        (orjson.dumps([STATEMENT]), "must be one object"),
        (b'{"actor":1}', "actor: must be an object"),
        (b"{}", "actor: is missing"),
        (PAYLOAD[:-1] + b',"id":"' + UUID.encode() + b'"}', "a property comes twice"),
        (PAYLOAD[:-1] + b',"x":' + 300 * b"[" + 300 * b"]" + b"}", "not JSON|nested"),
    ],
)
def test_what_was_signed_must_be_a_valid_statement(payload: bytes, complaint: str) -> None:
    """2.6.s4.b3."""
    said = refusal(sign(payload))
    assert any(part in said for part in complaint.split("|")), said


@pytest.mark.parametrize(
    "alg",
    [
        "none",
        "None",
        "NONE",
        "",
        "HS256",
        "HS512",
        "ES256",
        "PS256",
        "RS1",
        "rs256",
        None,
        ["RS256"],
        {},
        256,
    ],
)
def test_other_algorithms_are_refused(alg: Any) -> None:
    """2.6.s4.b4: no signature by `none`, none by a public key taken for a secret."""
    assert "RS256, RS384 or RS512" in refusal(sign(PAYLOAD, {"alg": alg, "x5c": [certificate(a_key())]}))


def test_a_header_without_algorithm_is_refused() -> None:
    assert "RS256, RS384 or RS512" in refusal(sign(PAYLOAD, {"x5c": [certificate(a_key())]}))


@pytest.mark.parametrize(
    ("header", "complaint"),
    [
        (b"RS256", "header of the JWS is not JSON"),
        (b'{"alg":"RS256","alg":"none"}', "header of the JWS is not JSON"),
        (b"[]", "header of the JWS is not an object"),
        ({"alg": "RS256", "crit": ["exp"], "exp": 1}, "extension"),
        ({"alg": "RS256", "crit": []}, "extension"),
        ({"alg": "RS256", "b64": False, "crit": ["b64"]}, "extension"),
    ],
)
def test_a_header_that_is_not_understood_is_refused(header: Any, complaint: str) -> None:
    """RFC 7515, 4.1.11."""
    assert complaint in refusal(sign(PAYLOAD, header))


def test_what_the_header_points_to_is_not_looked_at() -> None:
    """Neither fetched nor trusted: there is no certificate in it, so there is nothing to verify with."""
    header = {
        "alg": "RS256",
        "jku": "http://localhost:1/",
        "x5u": "http://localhost:1/",
        "jwk": {"kty": "oct"},
    }
    check_signature(sign(PAYLOAD, header), deepcopy(SIGNED), "1.0.3")


TOKEN = sign(PAYLOAD)
HEADER, BODY, SEAL = TOKEN.split(b".")


SPOILT = {
    "nothing": b"",
    "nothing between the dots": b"..",
    "an object": b"{}",
    "the statement itself": PAYLOAD,
    "two parts": HEADER + b"." + BODY,
    "an empty signature": HEADER + b"." + BODY + b".",
    "four parts": TOKEN + b".",
    "a line end": TOKEN + b"\n",
    "a blank": b" " + TOKEN,
    "padding": TOKEN + b"=",
    "the other alphabet": HEADER + b"." + BODY + b"." + SEAL[:-2] + b"+/",
    "half a byte": HEADER + b"." + BODY + b"." + b"A" * 341,
    "words": "chữ ký.chữ ký.chữ ký".encode(),
    "the JSON serialization": orjson.dumps(
        {"payload": BODY.decode(), "protected": HEADER.decode(), "signature": SEAL.decode()}
    ),
}


# Signatures differ from process to process, and names of tests must not.
@pytest.mark.parametrize("name", SPOILT)
def test_only_the_compact_serialization_is_read(name: str) -> None:
    """2.6.s4.b2."""
    assert "compact serialization" in refusal(SPOILT[name])


@pytest.mark.parametrize("length", [0, 1, 255, 1025, 4096])
def test_without_a_certificate_a_signature_has_at_least_the_length_of_one(length: int) -> None:
    header = encoded(b'{"alg":"RS256"}')
    said = refusal(header + b"." + BODY + b"." + encoded(bytes(length)))
    assert "as long as one" in said or "compact" in said


def test_a_signature_by_another_key_than_the_certificates_is_refused() -> None:
    """2.6.s5.b3.b3."""
    other = a_key(2048, 1)
    header = {"alg": "RS256", "x5c": [certificate(a_key())]}
    assert "does not match its certificate" in refusal(sign(PAYLOAD, header, key=other))
    check_signature(sign(PAYLOAD, key=other), deepcopy(SIGNED), "1.0.3")


def test_a_signature_by_another_hash_than_the_header_says_is_refused() -> None:
    header = {"alg": "RS512", "x5c": [certificate(a_key())]}
    assert "does not match its certificate" in refusal(sign(PAYLOAD, header, alg="RS256"))


@pytest.mark.parametrize(
    "chain",
    [
        None, "text", {}, [], [1], [None], ["%%%"], ["AAAA"], [""], [certificate(a_key())[:-8]],
        [certificate(a_key()), 1], 11 * [certificate(a_key())], [certificate(a_key()), 20_000 * "A"],
        ["\n" + certificate(a_key())], [certificate(a_key()).replace("+", "-").replace("/", "_") + "-"],
    ],
)  # fmt: skip
def test_a_chain_that_is_none_is_refused(chain: Any) -> None:
    assert "x5c" in refusal(sign(PAYLOAD, {"alg": "RS256", "x5c": chain}))


def test_only_the_first_certificate_signs() -> None:
    first, second = certificate(a_key()), certificate(a_key(2048, 1))
    check_signature(sign(PAYLOAD, {"alg": "RS256", "x5c": [first, second]}), deepcopy(SIGNED), "1.0.3")
    assert "does not match" in refusal(sign(PAYLOAD, {"alg": "RS256", "x5c": [second, first]}))


def test_keys_that_are_too_short_or_of_another_kind_are_refused() -> None:
    """RFC 7518, 3.3."""
    assert "2,048" in refusal(sign(PAYLOAD, key=a_key(1024)))
    header = {"alg": "RS256", "x5c": [certificate(an_elliptic_key())]}
    assert "no RSA key" in refusal(sign(PAYLOAD, header))


@settings(deadline=None, max_examples=150)
@given(place=st.integers(0, len(TOKEN) - 1), byte=st.integers(0, 255))
def test_no_single_changed_byte_passes(place: int, byte: int) -> None:
    spoilt = TOKEN[:place] + bytes([byte]) + TOKEN[place + 1 :]
    try:
        check_signature(spoilt, deepcopy(SIGNED), "1.0.3")
    except Invalid:
        return
    # The last digit of base64 has bits that mean nothing.
    assert spoilt == TOKEN or place == len(TOKEN) - 1, (place, byte)
