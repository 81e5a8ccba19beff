"""Built files, sent as they lie compressed on disk beside the plain ones (lms/assets/build.mjs)."""

import mimetypes
from pathlib import Path

from flask import Flask, Response, current_app, request, send_from_directory

ENDINGS = {"br": ".br", "gzip": ".gz"}


def init_app(app: Flask) -> None:
    app.view_functions["static"] = _file


def _file(filename: str) -> Response:
    folder = Path(current_app.static_folder or "")
    for encoding, ending in ENDINGS.items():
        if request.accept_encodings[encoding] and _lies_there(folder, filename + ending):
            plain_type, _ = mimetypes.guess_type(filename)
            response = send_from_directory(folder, filename + ending, mimetype=plain_type)
            response.headers["Content-Encoding"] = encoding
            response.vary.add("Accept-Encoding")
            return response
    return current_app.send_static_file(filename)


_file.access = "public"  # type: ignore[attr-defined]  # below the room that owns `public`


def _lies_there(folder: Path, filename: str) -> bool:
    return filename.startswith("build/") and (folder / filename).is_file()
