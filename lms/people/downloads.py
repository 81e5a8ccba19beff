"""Files as the answer of a page."""

from collections.abc import Callable
from pathlib import Path

from flask import Response, make_response

from lms.core.sheets.reading import Family
from lms.core.sheets.writing import MIMETYPES
from lms.core.web import runtime


def written(write: Callable[[Path], None], family: Family, stem: str) -> Response:
    """What `write` writes into the file it is given, as a download."""
    with runtime().files.workspace() as folder:
        target = folder / "download"
        write(target)
        return download(target.read_bytes(), family, stem)


def download(data: bytes, family: Family, stem: str) -> Response:
    """`stem` is the name of the file without its suffix, in ASCII."""
    response = make_response(data)
    response.headers["Content-Type"] = MIMETYPES[family]
    response.headers["Content-Disposition"] = f'attachment; filename="{stem}.{family.value}"'
    return response
