"""Requests from pages of other origins (Fetch standard, CORS protocol; named by xAPI 1.0.3 part 3, 1.3).

Any origin may ask, because who asks is told by the Authorization header alone: browsers send no credentials
of their own here, and are never told that they may.
"""

from flask import Response

EVERYWHERE = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Last-Modified, Content-Length, Retry-After, WWW-Authenticate, "
    "X-Experience-API-Version, X-Experience-API-Consistent-Through, X-Experience-API-Hash",
}
# Authorization is not covered by the asterisk.
_PREFLIGHT = {
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Accept, Accept-Language, If-Match, "
    "If-None-Match, Cache-Control, X-Requested-With, X-Experience-API-Version, X-Experience-API-Hash, *",
    "Access-Control-Max-Age": "7200",
}
_METHODS = "GET, HEAD, POST, PUT, DELETE, OPTIONS"


def open_to_all_origins(response: Response, method: str) -> None:
    """Let pages of any origin read the answer; tell them beforehand (OPTIONS) what they may send."""
    response.headers.update(EVERYWHERE)
    if method == "OPTIONS":
        response.headers.update(_PREFLIGHT)
        response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", _METHODS)
