"""The files of a package, for whoever holds the key of a play session."""

from io import BytesIO
from pathlib import Path

from flask import Response, send_file
from werkzeug.security import safe_join

from lms.accounts.access import public
from lms.catalogue.packages import folder_of
from lms.core.i18n import gettext as _
from lms.core.web import runtime
from lms.core.web.hosts import content_view
from lms.core.web.security import own_policy
from lms.player.mime import type_of
from lms.player.routes.blueprint import bp
from lms.player.routes.playing import UNLOAD, session_of
from lms.player.services.launching import TOKEN_LIFE

# Packages are written inline and with eval; they may load what they carry and nothing else.
_OWN = "'self' data: blob:"
_OWN_AND_INLINE = f"{_OWN} 'unsafe-inline'"
CONTENT_POLICY = {
    "default-src": _OWN,
    "script-src": f"{_OWN_AND_INLINE} 'unsafe-eval'",
    "style-src": _OWN_AND_INLINE,
    "form-action": "'self'",
    "frame-ancestors": "'self'",
}
_TEXT = ("text/", "application/json", "application/xml", "application/xhtml", "image/svg")


@bp.get("/content/<token>/<path:path>")
@public
@own_policy(CONTENT_POLICY, frame_options="SAMEORIGIN", permissions=UNLOAD)
def content(token: str, path: str) -> Response:
    """A file of the package, as it came, whole or in ranges."""
    version = session_of(token).attempt.lesson.version
    file = _file(folder_of(runtime().files, version.sha256), path)
    if file is None:
        # Plainly: the site's own page would stand inside the lesson.
        return Response(_("The package has no file of this name."), 404, mimetype="text/plain")
    kind = type_of(file.name)
    response = _sent(file, kind)
    response.headers["Content-Type"] = kind
    response.headers["Cache-Control"] = f"private, max-age={int(TOKEN_LIFE.total_seconds())}"
    return response


def _sent(file: Path, kind: str) -> Response:
    """Films are sent from the disk as they are asked for; text is small, and is read to be compressed."""
    if not kind.startswith(_TEXT):
        return send_file(file, conditional=True)
    about = file.stat()
    tag = f"{about.st_mtime_ns:x}-{about.st_size:x}"
    return send_file(BytesIO(file.read_bytes()), mimetype=kind, conditional=True, etag=tag)


def _file(root: Path, path: str) -> Path | None:
    """The file; where the package calls it in other capitals than it has, it is found all the same."""
    joined = safe_join(str(root), path)
    if joined is None:
        return None
    file = Path(joined)
    return file if file.is_file() else _in_any_case(root, path)


def _in_any_case(root: Path, path: str) -> Path | None:
    here = root
    for part in path.split("/"):
        wanted = part.casefold()
        entries = here.iterdir() if here.is_dir() else ()
        match = next((entry for entry in entries if entry.name.casefold() == wanted), None)
        if match is None:
            return None
        here = match
    return here if here.is_file() else None


content_view(content)
