"""The player on the content origin: its page, what the lesson begins with, its commits, the next lesson."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Response, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from lms.accounts.access import public
from lms.accounts.queries import accounts_of_people
from lms.catalogue.models import Lesson
from lms.catalogue.queries import current_lesson, current_lessons
from lms.core.errors import Forbidden
from lms.core.i18n import using, words_of
from lms.core.web import runtime, session, writes
from lms.core.web.hosts import content_view, demand_host_of
from lms.core.web.security import csrf, own_policy
from lms.player.models import Attempt, Mode, PlaySession
from lms.player.opening import is_played_elsewhere
from lms.player.queries import NotYet
from lms.player.receiving import document_in, message_in
from lms.player.routes.addresses import (
    content_path,
    delivery_path,
    list_path,
    package_path,
    player_address,
)
from lms.player.routes.blueprint import bp
from lms.player.routes.opened import id_of, nothing_opened, session_of
from lms.player.routes.previewing import version_address
from lms.player.rules.loading import loaded_state, seconds_allowed
from lms.player.rules.message import LARGEST, Message
from lms.player.rules.navigation import read_navigation
from lms.player.rules.reading import BadSnapshot, mapping
from lms.player.services.committing import Answer, commit, look
from lms.player.services.launching import NoAttemptLeft, enter, launch
from lms.player.services.moving import move as go_to
from lms.player.services.preparing import was_prepared
from lms.player.services.previewing import open_preview
from lms.player.services.runs import is_sequenced, lesson_named
from lms.player.tokens import Expired
from tracking.record.mergers import same_as

# Old packages save when their page is unloaded; browsers that gave this up do it only where it is allowed.
UNLOAD = {"unload": "(self)"}
PLAYER_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "frame-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self' {content}",  # the next lesson may be in a newer package
    "frame-ancestors": "'none'",
}
_STATUS = {Answer.SAVED: 200, Answer.KNOWN: 200, Answer.SUPERSEDED: 409, Answer.ENDED: 410}


@bp.get("/play/<token>/")
@public
@writes
@own_policy(PLAYER_POLICY, permissions=UNLOAD)
def play(token: str) -> str | BaseResponse:
    """The player. Every page gets a session of its own: an address used before leads to a new one."""
    asked = session_of(token)
    if was_prepared(asked):
        return _kept_page(asked, token)
    entered = enter(session(), asked)
    if entered.id != asked.id:
        return redirect(player_address(entered), 303)
    with using(entered.language):
        return _page(entered, token)


def _kept_page(prepared: PlaySession, token: str) -> str | BaseResponse:
    """The page that a device keeps; whoever comes here with a network learns in the usual way instead."""
    if "kept" not in request.args:
        return redirect(_on_application("player.lesson", prepared.attempt.lesson), 303)
    with using(prepared.language):
        return _page(prepared, token)


def _page(entered: PlaySession, token: str) -> str:
    """The page in the language that the learner reads; there is no cookie here to tell it."""
    attempt, lesson = entered.attempt, entered.attempt.lesson
    sequenced = is_sequenced(entered)
    before, after = (None, None) if sequenced else _neighbours(attempt)
    return render_template(
        "player/play.html",
        attempt=attempt,
        play=entered,
        lesson=lesson,
        before=before,
        after=after,
        sequenced=sequenced,
        several=len(lesson.version.lessons) > 1,
        review=entered.mode == Mode.REVIEW,
        preview=attempt.preview,
        seconds_left=_seconds_left(entered),
        token=token,
        content=content_path(lesson),
        deliver=delivery_path(entered),
        files=package_path(lesson),
        file_list=list_path(lesson),
        kept=was_prepared(entered),
        result=_back("player.result", attempt),
        again=_back("player.lesson", attempt),
    )


@bp.get("/play/<token>/state")
@public
def state(token: str) -> Response:
    """What the lesson begins with; asked for once everything that waited in the browser has been sent."""
    opened = session_of(token)
    attempt = opened.attempt
    cmi = loaded_state(attempt, learner_name=_name(attempt), mode=opened.mode)
    return jsonify(cmi=cmi, course=_course(opened), attempt=str(attempt.id))


@bp.post("/play/<token>/commit")
@public
def save(token: str) -> tuple[Response, int]:
    """Take in a commit, the same one only once. Refusals are JSON, for the queue to read."""
    return answered(lambda: id_of(token))


def answered(opened: Callable[[], UUID]) -> tuple[Response, int]:
    """What the queue is told of a commit that came with the key of a session."""
    try:
        answer = _save(opened())
    except (Forbidden, Expired, BadSnapshot) as refusal:
        return jsonify(answer="refused", error=words_of(refusal)), refusal.status
    return jsonify(answer=answer.value), _STATUS[answer]


@bp.post("/play/<token>/go")
@public
def go(token: str) -> BaseResponse:
    """On to another lesson of the course, with a key that lives no longer than this one."""
    current = session_of(token)
    lesson = _wanted(current.attempt, request.form.get("lesson", ""))
    if is_played_elsewhere(lesson):  # in a version that came meanwhile
        return redirect(_on_application("player.lesson", lesson), 303)
    try:
        return redirect(player_address(_onwards(current, lesson)), 303)
    except (NotYet, NoAttemptLeft):
        return redirect(_on_application("player.lesson", lesson), 303)  # whose page says why


@bp.post("/play/<token>/move")
@public
def move(token: str) -> tuple[Response, int]:
    """On to the lesson (identifier) that sequencing delivers; where the learner is now goes with it.

    Without a lesson nothing is opened.
    """
    current = session_of(token)
    try:
        said = mapping(document_in(_body()))
        place = read_navigation(said.get("course"))
        go_to(session(), current, place, home_page=runtime().settings.public_url)
        if said.get("lesson") is None:
            return jsonify(address=None), 200
        lesson = lesson_named(current.attempt.lesson.version, str(said.get("lesson")))
        return jsonify(address=player_address(_onwards(current, lesson or current.attempt.lesson))), 200
    except (NotYet, NoAttemptLeft, BadSnapshot) as refusal:
        return jsonify(error=words_of(refusal)), refusal.status


def _onwards(current: PlaySession, lesson: Lesson) -> PlaySession:
    attempt = current.attempt
    if attempt.preview:
        return open_preview(session(), lesson, attempt.learner, language=current.language)
    opened = launch(session(), lesson, attempt.learner, is_guest=attempt.is_guest, language=current.language)
    opened.expires = current.expires
    return opened


def _save(session_id: UUID) -> Answer:
    """Take in what came; what cannot be read is told to those who have the key, and are where it opens."""
    message = _message()
    readable = None if isinstance(message, BadSnapshot) else message
    known = look(session(), session_id, readable)
    if known is None:
        raise nothing_opened()
    demand_host_of(known.attempt.lesson.version.sha256)
    if isinstance(message, BadSnapshot):
        raise message
    device = request.user_agent.string
    return commit(session(), known, message, settings=runtime().settings, user_agent=device)


def _message() -> Message | BadSnapshot:
    try:
        return message_in(_body())
    except BadSnapshot as refusal:
        return refusal


def _body() -> bytes:
    """Raises BadSnapshot."""
    if (request.content_length or 0) > LARGEST:
        raise BadSnapshot("The lesson sent more than can be kept.")
    return request.get_data(cache=False)


def _on_application(endpoint: str, lesson: Lesson) -> str:
    return runtime().settings.public_url + url_for(endpoint, slug=lesson.course.slug, key=lesson.key)


def _back(endpoint: str, attempt: Attempt) -> str:
    """Where the page leads when it is left: of a preview to what authors see of the version."""
    lesson = attempt.lesson
    return version_address(lesson.version) if attempt.preview else _on_application(endpoint, lesson)


def _wanted(attempt: Attempt, key: str) -> Lesson:
    """Another lesson of the course as it is now; in a preview of the version that is looked at."""
    version = attempt.lesson.version
    if not attempt.preview:
        return current_lesson(session(), version.course.slug, key)
    return next((lesson for lesson in version.lessons if lesson.key == key), attempt.lesson)


def _neighbours(attempt: Attempt) -> tuple[Lesson | None, Lesson | None]:
    """The lessons before and after this one in the course as it is now, or in the version looked at."""
    lesson = attempt.lesson
    if attempt.preview:
        around = list(lesson.version.lessons)
    else:
        around = current_lessons(session(), [lesson.course.id]).get(lesson.course.id, [])
    place = next((at for at, other in enumerate(around) if other.iri == lesson.iri), None)
    if place is None:
        return None, None
    following = around[place + 1] if place + 1 < len(around) else None
    return (around[place - 1] if place else None), following


def _course(opened: PlaySession) -> dict[str, Any] | None:
    """What scorm-again needs to go on in a course with sequencing; None in any other."""
    version, run = opened.attempt.lesson.version, opened.run
    if run is None:
        return None
    return {
        "sequencing": version.sequencing,
        "globalObjectiveIds": version.global_objectives,
        "activity": opened.attempt.lesson.identifier,
        "lessons": {lesson.identifier: lesson.title for lesson in version.lessons},
        "state": run.state,
        "objectives": run.objectives,
        "shared": run.shared,
    }


def _seconds_left(opened: PlaySession) -> float | None:
    """Of the time that the manifest allows; None where there is no end to it."""
    allowed = seconds_allowed(opened.attempt.lesson) if opened.mode == Mode.NORMAL else None
    return None if allowed is None else max(allowed - opened.attempt.seconds, 0.0)


def _name(attempt: Attempt) -> str:
    if attempt.is_guest:
        return ""
    accounts = accounts_of_people(session(), same_as(session(), attempt.learner))
    return accounts[0].name if accounts else ""


for _view in (play, state, save, go, move):
    content_view(_view)
for _view in (save, go, move):
    csrf.exempt(_view)
