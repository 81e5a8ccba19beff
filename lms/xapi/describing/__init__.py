"""The description of `/xapi/` for programs (OpenAPI 3.1): `description`.

schemas: what statements and their parts look like. parameters: what addresses and headers may say. examples:
complete ones, which the tests hold against the validator. paths: every resource and method.
"""

from importlib.metadata import version
from typing import Any

from lms.xapi.describing.parameters import HEADERS, PARAMETERS
from lms.xapi.describing.paths import paths
from lms.xapi.describing.schemas import SCHEMAS

_TOLD = (
    "A Learning Record Store for xAPI 1.0.3 and 2.0 (IEEE 9274.1.1). Send the key and the secret of a client "
    "as Basic credentials, and the version in X-Experience-API-Version. In 1.0.3 every request may also be a "
    "POST of a form, with the method in the address (part 3, 1.3). Pages of any origin may ask (CORS)."
)


def description() -> dict[str, Any]:
    """The whole document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Bình dân học vụ số: the record store",
            "version": version("binh-dan-hoc-vu-so"),
            "description": _TOLD,
        },
        "externalDocs": {"url": "https://github.com/adlnet/xAPI-Spec", "description": "xAPI 1.0.3"},
        "security": [{"client": []}],
        "paths": paths(),
        "components": {
            "schemas": SCHEMAS,
            "parameters": PARAMETERS,
            "headers": HEADERS,
            "securitySchemes": {"client": {"type": "http", "scheme": "basic"}},
        },
    }
