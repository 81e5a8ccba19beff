"""The alternate request syntax of xAPI 1.0.3 (part 3, 1.3): any request as a POST of a form.

`POST /xapi/statements?method=PUT`; headers, parameters and `content` are fields of the form. It is turned
into the request that it stands for before anybody routes it, so that nothing behind knows of it. xAPI 2.0 has
no such syntax: there `method` is a parameter like others that nobody knows.
"""

import re
from collections.abc import Iterable
from io import BytesIO
from typing import IO, Any
from urllib.parse import parse_qsl, urlencode
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from lms.xapi.bodies import check_whole
from lms.xapi.versions import HEADER, version_named
from tracking.documents.errors import TooLarge
from tracking.errors import Refused
from tracking.statements.validation import Invalid

PREFIX = "/xapi/"
# Where the refusal of a request stands, for whoever answers it.
REFUSED = "lms.xapi.refused"

_ASKED = re.compile(r"(?:^|&)method=")
_METHODS = frozenset({"GET", "HEAD", "PUT", "POST", "DELETE"})
_SENDING = frozenset({"PUT", "POST"})
_MOST_FIELDS = 40
# Some browsers of old can set no type at all, or no other than text/plain.
_FORMS = frozenset({"application/x-www-form-urlencoded", "text/plain", ""})
# The fields that stand for headers (1.3.s3.b6), and where WSGI has these.
_HEADERS = {
    "authorization": "HTTP_AUTHORIZATION",
    "x-experience-api-version": "HTTP_X_EXPERIENCE_API_VERSION",
    "if-match": "HTTP_IF_MATCH",
    "if-none-match": "HTTP_IF_NONE_MATCH",
    "content-type": "CONTENT_TYPE",
    "content-length": "",  # counted anew: clients count characters, or what is encoded
}
_VERSION = _HEADERS[HEADER.lower()]


class AlternateSyntax:
    """WSGI: turns requests of the alternate syntax into ordinary ones; notes a refusal in `REFUSED`."""

    def __init__(self, application: WSGIApplication, *, largest: int) -> None:
        self._application = application
        self._largest = largest  # bytes of a form

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if not _is_alternate(environ):
            return self._application(environ, start_response)
        try:
            fields = _fields(environ, self._largest)
            if version_named(_version(environ, fields)) != "2.0.0":
                environ = _ordinary(environ, fields)
            else:
                environ = _with_body(environ, b"")
        except Refused as refusal:
            environ = _with_body(environ, b"") | {REFUSED: refusal}
        if environ["REQUEST_METHOD"] == "HEAD":
            start_response = _without_length(start_response)
        return self._application(environ, start_response)


def _is_alternate(environ: WSGIEnvironment) -> bool:
    return (
        environ["REQUEST_METHOD"] == "POST"
        and environ.get("PATH_INFO", "").startswith(PREFIX)
        and _ASKED.search(environ.get("QUERY_STRING", "")) is not None
        and version_named(environ.get(_VERSION)) != "2.0.0"
    )


def _ordinary(environ: WSGIEnvironment, fields: list[tuple[str, str]]) -> WSGIEnvironment:
    method = _method(environ["QUERY_STRING"])
    headers = _headers(fields)
    contents = [value for name, value in fields if name == "content"]
    parameters = [pair for pair in fields if pair[0] != "content" and pair[0].lower() not in _HEADERS]
    if method in _SENDING and len(contents) != 1:
        raise Invalid("%(path)s: the form must have this field once", "content")
    body = contents[0].encode() if method in _SENDING else b""
    return _with_body(environ, body) | {
        **headers,
        "REQUEST_METHOD": method,
        "QUERY_STRING": urlencode(parameters),
        "CONTENT_TYPE": _content_type(environ, headers, method),
    }


def _with_body(environ: WSGIEnvironment, body: bytes) -> WSGIEnvironment:
    changed = environ | {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))}
    for name in ("HTTP_TRANSFER_ENCODING", "wsgi.input_terminated"):
        changed.pop(name, None)
    return changed


def _method(query: str) -> str:
    given = parse_qsl(query, keep_blank_values=True)
    if len(given) != 1:
        message = "%(path)s: must stand alone in the address; other parameters are fields of the form"
        raise Invalid(message, "method")
    method = given[0][1]
    if method not in _METHODS:
        message = "%(path)s: must be one of %(allowed)s (upper and lower case matter)"
        raise Invalid(message, "method", allowed=", ".join(sorted(_METHODS)))
    return method


def _fields(environ: WSGIEnvironment, largest: int) -> list[tuple[str, str]]:
    """The fields of the form. Raises Invalid for what is no form in UTF-8, and TooLarge."""
    if environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower() not in _FORMS:
        message = (
            "%(path)s: a request with “method” in its address is a form, application/x-www-form-urlencoded"
        )
        raise Invalid(message, "Content-Type")
    try:
        text = _body(environ, largest).decode()
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except UnicodeDecodeError:
        raise Invalid("%(path)s: not in UTF-8; this syntax cannot carry other bytes", "content") from None
    except ValueError:
        raise Invalid("%(path)s: more than %(most)s fields", "form", most=_MOST_FIELDS) from None


def _body(environ: WSGIEnvironment, largest: int) -> bytes:
    given = environ.get("CONTENT_LENGTH", "")
    length = int(given) if given.isascii() and given.isdigit() else None
    if length is None and not environ.get("wsgi.input_terminated"):
        return b""  # where a request without a length ends, nobody can tell
    body = b"" if (length or 0) > largest else _read(environ["wsgi.input"], length or largest + 1)
    if len(body) > largest or (length or 0) > largest:
        raise TooLarge("A form may have at most %(largest)s bytes.", largest=largest)
    check_whole(body, length)
    return body


def _read(source: IO[bytes], most: int) -> bytes:
    parts = []
    while most and (part := source.read(most)):
        parts.append(part)
        most -= len(part)
    return b"".join(parts)


def _version(environ: WSGIEnvironment, fields: list[tuple[str, str]]) -> str | None:
    named = [value for name, value in fields if name.lower() == HEADER.lower()]
    return named[-1] if named else environ.get(_VERSION)


def _headers(fields: list[tuple[str, str]]) -> dict[str, str]:
    """The fields that stand for headers, as WSGI names them.

    What would not pass as the value of a header is refused: nothing may be smuggled in beside it.
    """
    found: dict[str, str] = {}
    for name, value in fields:
        header = _HEADERS.get(name.lower())
        if header is None:
            continue
        if not (value.isascii() and value.isprintable()):
            raise Invalid("%(path)s: not the value of a header", name)
        if header in found:
            raise Invalid("%(path)s: stands more than once", name)
        found[header] = value
    found.pop("", None)
    return found


def _content_type(environ: WSGIEnvironment, headers: dict[str, str], method: str) -> str:
    """The type of the content; without the field, that of a request without the header."""
    if method not in _SENDING:
        return ""
    given = headers.get("CONTENT_TYPE", "")
    if given.lower().lstrip().startswith("multipart/"):
        raise Invalid("%(path)s: this syntax cannot carry attachments", "Content-Type")
    is_statement = environ["PATH_INFO"].rstrip("/").endswith("/statements")
    return given or ("application/json" if is_statement else "application/octet-stream")


def _without_length(start_response: StartResponse) -> StartResponse:
    """For HEAD: the client sent a POST, and waits for as many bytes as it is told."""

    def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
        kept = [(name, value) for name, value in headers if name.lower() != "content-length"]
        return start_response(status, kept, *more)

    return start
