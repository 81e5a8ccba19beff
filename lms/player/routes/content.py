"""The files of a package, for whoever holds its key or that of a play session."""

import re
from functools import cached_property, lru_cache
from pathlib import Path
from typing import cast
from urllib.parse import quote

from flask import Response, abort, redirect, request
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.utils import send_file

from courses.manifest.folder import Folder
from lms.accounts.access import public
from lms.catalogue.packages import folder_of
from lms.core.i18n import gettext as _
from lms.core.web import runtime
from lms.core.web.hosts import content_view, demand_host_of
from lms.core.web.security import own_policy
from lms.player.mime import is_text, type_of
from lms.player.packed import PACKERS, packed
from lms.player.routes.blueprint import bp
from lms.player.routes.opened import session_of
from lms.player.routes.playing import UNLOAD
from lms.player.services.launching import TOKEN_LIFE
from lms.player.tokens import read_package_key

# Packages are written inline and with eval; they may load what they carry and nothing else.
_OWN = "'self' data: blob:"
_OWN_AND_INLINE = f"{_OWN} 'unsafe-inline'"
CONTENT_POLICY = {
    "default-src": _OWN,
    "script-src": f"{_OWN_AND_INLINE} 'unsafe-eval'",
    "style-src": _OWN_AND_INLINE,
    "form-action": "'self' javascript:",  # forms whose answers a script of the page looks at
    "frame-ancestors": "'self'",
}
A_YEAR = 365 * 24 * 3600
# One range, which is all that players of films and sound ask for; more of them, and other units, may be
# ignored (RFC 9110, 14.2).
_ONE_RANGE = re.compile(r"bytes=(?:\d{1,18}-\d{0,18}|-(?P<last>\d{1,18}))")


@bp.get("/content/<token>/<path:path>")
@public
@own_policy(CONTENT_POLICY, frame_options="SAMEORIGIN", permissions=UNLOAD)
def content(token: str, path: str) -> Response:
    """A file of the package, as it came or compressed, whole or a range of it."""
    if request.headers.get("Service-Worker"):
        abort(404)  # a package may keep nothing in the browser that answers in our place
    sha256, age = _opened(token)
    root = folder_of(runtime().files, sha256)
    files = listed(root)
    name = files.asked(path)
    if name is None and files.asked(f"{path}/"):
        # The links of the page are meant from inside its folder.
        query = request.query_string.decode("latin-1")
        return cast("Response", redirect(f"{quote(path.rpartition('/')[2])}/{'?' * bool(query)}{query}"))
    if name is None:
        # Plainly: the site's own page would stand inside the lesson.
        return Response(_("The package has no file of this name."), 404, mimetype="text/plain")
    response = _sent(root / name, runtime().files.compressed / sha256 / name, tag=sha256[:16])
    response.headers["Content-Type"] = type_of(name)
    response.headers["Cache-Control"] = age
    return response


def _opened(token: str) -> tuple[str, str]:
    """Which package the key opens, and for how long its files may be kept: they never change."""
    sha256 = read_package_key(token, runtime().settings.secret_key)
    if sha256 is None:
        sha256 = session_of(token).attempt.lesson.version.sha256
        return sha256, f"private, max-age={int(TOKEN_LIFE.total_seconds())}, no-transform"
    demand_host_of(sha256)
    return sha256, f"private, max-age={A_YEAR}, immutable, no-transform"


def _sent(file: Path, shelf: Path, *, tag: str) -> Response:
    """Text compressed where the browser reads that; a range is always one of the file as it is."""
    environ = dict(request.environ)
    asked = _ONE_RANGE.fullmatch(environ.pop("HTTP_RANGE", ""))
    if asked:
        environ["HTTP_RANGE"] = _whole_at_most(asked, file.stat().st_size)
    text = is_text(file.name)
    if text and "HTTP_RANGE" not in environ:
        for encoding in PACKERS:
            small = packed(file, shelf, encoding) if request.accept_encodings[encoding] else None
            if small is not None:
                return _as_response(small, environ, f"{tag}-{encoding}", encoding)
    return _as_response(file, environ, tag, vary=text)


def _whole_at_most(asked: re.Match[str], size: int) -> str:
    """The range; of one that wants more last bytes than there are, all of them (RFC 9110, 14.1.2)."""
    return f"bytes=-{size}" if asked["last"] and size and int(asked["last"]) > size else asked.group()


def _as_response(
    file: Path, environ: dict[str, object], tag: str, encoding: str | None = None, *, vary: bool = True
) -> Response:
    try:  # the package's hash names the state of all of its files
        sent = cast("Response", send_file(file, environ, conditional=True, etag=tag, response_class=Response))
        # It would name the compressed file, and a link's own name for what it saves counts for less.
        sent.headers.remove("Content-Disposition")
    except RequestedRangeNotSatisfiable:
        return Response(status=416, headers={"Content-Range": f"bytes */{file.stat().st_size}"})
    if encoding:
        sent.headers["Content-Encoding"] = encoding
        sent.headers.remove("Accept-Ranges")
    if vary:
        sent.vary.add("Accept-Encoding")
    return sent


class Listed(Folder):
    """The files of a package, which never change; found in other capitals too."""

    @cached_property
    def sizes(self) -> list[tuple[str, int]]:
        """Each file and its bytes."""
        return [(path, (self.root / path).stat().st_size) for path in self.paths]


@lru_cache(maxsize=64)
def listed(root: Path) -> Listed:
    return Listed(root)


content_view(content)
