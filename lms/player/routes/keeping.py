"""Lessons that are saved for learning without a network: preparing, loading, and the list of them."""

from pathlib import Path
from urllib.parse import quote
from uuid import UUID

from flask import Response, jsonify, redirect, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from lms.accounts.access import public
from lms.catalogue.models import Lesson
from lms.catalogue.packages import folder_of
from lms.catalogue.queries import current_lesson
from lms.core.errors import Conflict, NotFound, Refused
from lms.core.i18n import current_locale, using
from lms.core.web import runtime, session
from lms.core.web.hosts import content_view, demand_host_of
from lms.core.web.security import csrf, limiter, own_policy
from lms.core.web.templates import BUILD, asset
from lms.player.models import PlaySession
from lms.player.queries import play_session
from lms.player.routes.addresses import origin_of, package_path
from lms.player.routes.blueprint import bp
from lms.player.routes.content import listed
from lms.player.routes.opened import session_of
from lms.player.routes.playing import PLAYER_POLICY
from lms.player.routes.visitor import demand_visible, learner_id, some_visitor
from lms.player.services.preparing import can_be_kept, prepare
from lms.player.tokens import make_token, read_package_key
from tracking.record.mergers import same_as

MOST_BYTES = 300 * 1024 * 1024  # of a package that can be saved; phones have little room


@bp.post("/saved/<slug>/<key>")
@public
@limiter.limit("600 per 10 minutes")
def keep(slug: str, key: str) -> BaseResponse:
    """Prepare the lesson for learning without a network, and go where it is loaded."""
    lesson = current_lesson(session(), slug, key)
    demand_visible(lesson.course)
    if bytes_to_keep(lesson) is None:
        raise Refused("This lesson needs the network. Open it from the list of lessons.")
    who = some_visitor()
    play = prepare(session(), lesson, who.learner, is_guest=who.is_guest, language=current_locale())
    return redirect(origin_of(play) + url_for("player.keeping", token=_token(play)), 303)


@bp.get("/keep/<token>/")
@public
@own_policy(PLAYER_POLICY)
def keeping(token: str) -> str:
    """Loads the lesson onto this device, and tells how far it is."""
    play = session_of(token)
    lesson = play.attempt.lesson
    addresses = _addresses(lesson)
    with using(play.language):
        return render_template(
            "player/keep.html",
            lesson=lesson,
            bytes=sum(size for _, size in addresses),
            config=_kept(play)
            | {
                "assets": [asset(name) for name in _ASSETS],
                "files": _files(package_path(lesson), addresses),
                "list": f"{runtime().settings.public_url}{url_for('player.saved')}#kept={play.id}",
            },
            again=runtime().settings.public_url
            + url_for("player.lesson", slug=lesson.course.slug, key=lesson.key),
        )


@bp.post("/play/<token>/again")
@public
def again(token: str) -> tuple[Response, int]:
    """Another prepared session for a device that has used its one, with the state as it is now."""
    play = session_of(token)
    attempt = play.attempt
    new = prepare(
        session(), attempt.lesson, attempt.learner, is_guest=attempt.is_guest, language=play.language
    )
    if new.attempt.lesson.version_id != attempt.lesson.version_id:
        raise Conflict("This lesson has changed. Save it for learning without a network again.")
    return jsonify(_kept(new)), 201


@bp.get("/contents/<key>")
@public
def contents(key: str) -> Response:
    """Which files the package has, for the service worker to load."""
    sha256 = read_package_key(key, runtime().settings.secret_key)
    if sha256 is None:
        raise NotFound("This address does not open any lesson. Open the lesson from its list.")
    demand_host_of(sha256)
    start = url_for("player.content", token=key, path="")
    return jsonify(_files(start, _sizes(start, folder_of(runtime().files, sha256))))


@bp.get("/saved")
@public
def saved() -> str:
    """The lessons that were saved on this device; also what is shown while there is no network.

    It says nothing about anybody: the browser keeps it, and fills in what it has.
    """
    return render_template("player/saved.html")


@bp.get("/saved/<uuid:session_id>")
@public
def saved_lesson(session_id: UUID) -> Response:
    """What the list on the device says of a lesson that was just saved there."""
    play = play_session(session(), session_id)
    learner = learner_id()
    if play is None or learner is None or play.attempt.learner not in same_as(session(), learner):
        raise NotFound("This lesson is not here any more. Choose one from the list of lessons.")
    lesson = play.attempt.lesson
    return jsonify(
        session=str(play.id),
        title=lesson.title,
        origin=origin_of(play),
        page=url_for("player.play", token=_token(play)),
        bytes=sum(size for _, size in _addresses(lesson)),
        expires=play.expires.isoformat(),
    )


@bp.app_template_global()
def bytes_to_keep(lesson: Lesson) -> int | None:
    """How much room the lesson takes on a device; None where it cannot be kept there."""
    if not can_be_kept(lesson) or lesson.version.sequencing is not None:
        return None
    size = sum(size for _, size in _addresses(lesson))
    return size if size <= MOST_BYTES else None


def _kept(play: PlaySession) -> dict[str, object]:
    token = _token(play)
    return {
        "session": str(play.id),
        "page": url_for("player.play", token=token),
        "state": url_for("player.state", token=token),
    }


def _files(start: str, addresses: list[tuple[str, int]]) -> dict[str, object]:
    return {
        "start": start,
        "bytes": sum(size for _, size in addresses),
        "files": [{"address": address, "size": size} for address, size in addresses],
    }


def _addresses(lesson: Lesson) -> list[tuple[str, int]]:
    root = folder_of(runtime().files, lesson.version.sha256)
    return _sizes(package_path(lesson), root)


def _sizes(start: str, root: Path) -> list[tuple[str, int]]:
    """The address of each file below `start`, and its bytes."""
    return [(start + quote(path), size) for path, size in listed(root).sizes]


def _token(play: PlaySession) -> str:
    return make_token(play.id, play.expires, runtime().settings.secret_key)


_ASSETS = ("images/logo.svg", "player.css", "deliver.js")


@bp.get("/player-worker.js")
@public
def player_worker() -> Response:
    """The service worker of a content origin."""
    return _worker("player_worker.js")


@bp.get("/worker.js")
@public
def worker() -> Response:
    """The service worker of the application: it shows `/saved` while there is no network."""
    return _worker("worker.js")


def _worker(name: str) -> Response:
    script = (BUILD / asset(name).rsplit("/", 1)[1]).read_bytes()
    return Response(script, mimetype="text/javascript", headers={"Cache-Control": "no-cache"})


for _view in (keeping, again, contents, player_worker):
    content_view(_view)
csrf.exempt(again)
