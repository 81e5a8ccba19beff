"""The player on the content origin: its page, what the lesson begins with, its commits, the next lesson."""

import orjson
from flask import Response, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from lms.accounts.access import public
from lms.accounts.queries import accounts_of_people
from lms.catalogue.models import Lesson
from lms.catalogue.queries import current_lesson, current_lessons
from lms.core.errors import Forbidden
from lms.core.i18n import words_of
from lms.core.web import runtime, session, writes
from lms.core.web.hosts import content_view, demand_host_of, origins
from lms.core.web.security import csrf, own_policy
from lms.player.models import Attempt, PlaySession
from lms.player.queries import play_session
from lms.player.routes.blueprint import bp
from lms.player.rules.merging import loaded_state
from lms.player.rules.message import LARGEST, Message, read_message
from lms.player.rules.snapshot import BadSnapshot
from lms.player.services.committing import Answer, commit
from lms.player.services.launching import enter, launch
from lms.player.services.observing import REFUSED, observe, told_before
from lms.player.tokens import Expired, make_token, read_token
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


def session_of(token: str) -> PlaySession:
    """The play session that the token opens, on its package's host. Raises Forbidden, Expired or NotFound."""
    found = play_session(session(), read_token(token, runtime().settings.secret_key))
    if found is None:
        raise Forbidden("This address does not open any lesson. Open the lesson from its list.")
    demand_host_of(found.attempt.lesson.version.sha256)
    return found


@bp.get("/play/<token>/")
@public
@writes
@own_policy(PLAYER_POLICY, permissions=UNLOAD)
def play(token: str) -> str | BaseResponse:
    """The player. Every page gets a session of its own: an address used before leads to a new one."""
    asked = session_of(token)
    entered = enter(session(), asked)
    if entered.id != asked.id:
        return redirect(_address(entered), 303)
    attempt = entered.attempt
    before, after = _neighbours(attempt.lesson)
    return render_template(
        "player/play.html",
        attempt=attempt,
        play=entered,
        lesson=attempt.lesson,
        before=before,
        after=after,
        token=token,
        content=f"{url_for('player.content', token=token, path='')}{attempt.lesson.href}",
        result=_on_application("player.result", attempt.lesson),
        again=_on_application("player.lesson", attempt.lesson),
    )


@bp.get("/play/<token>/state")
@public
def state(token: str) -> Response:
    """What the lesson begins with; asked for once everything that waited in the browser has been sent."""
    attempt = session_of(token).attempt
    return jsonify(cmi=loaded_state(attempt, learner_name=_name(attempt)))


@bp.post("/play/<token>/commit")
@public
def save(token: str) -> tuple[Response, int]:
    """Take in a commit, the same one only once. Refusals are JSON, for the queue to read."""
    try:
        answer = _save(token)
    except (Forbidden, Expired, BadSnapshot) as refusal:
        return jsonify(answer="refused", error=words_of(refusal)), refusal.status
    return jsonify(answer=answer.value), _STATUS[answer]


@bp.post("/play/<token>/go")
@public
def go(token: str) -> BaseResponse:
    """On to another lesson of the course, with a key that lives no longer than this one."""
    current = session_of(token)
    attempt = current.attempt
    lesson = current_lesson(session(), attempt.lesson.course.slug, request.form.get("lesson", ""))
    opened = launch(session(), lesson, attempt.learner, is_guest=attempt.is_guest)
    opened.expires = current.expires
    return redirect(_address(opened), 303)


def _save(token: str) -> Answer:
    current = session_of(token)
    if (request.content_length or 0) > LARGEST:
        raise BadSnapshot("The lesson sent more than can be kept.")
    try:
        document = orjson.loads(request.get_data(cache=False))
    except orjson.JSONDecodeError as error:
        raise BadSnapshot("The lesson sent data that cannot be understood.") from error
    return _observed(current, read_message(document))


def _observed(current: PlaySession, message: Message) -> Answer:
    """Take the commit in, and note for support how that went."""
    about = {"user_agent": request.user_agent.string, "before": told_before(session(), message)}
    try:
        answer = commit(session(), current, message, settings=runtime().settings)
    except BadSnapshot:
        observe(session(), current.attempt_id, message, REFUSED, **about)
        raise
    observe(session(), current.attempt_id, message, answer.value, **about)
    return answer


def _address(opened: PlaySession) -> str:
    token = make_token(opened.id, opened.expires, runtime().settings.secret_key)
    origin = origins().of(opened.attempt.lesson.version.sha256)
    return origin + url_for("player.play", token=token)


def _on_application(endpoint: str, lesson: Lesson) -> str:
    return runtime().settings.public_url + url_for(endpoint, slug=lesson.course.slug, key=lesson.key)


def _neighbours(lesson: Lesson) -> tuple[Lesson | None, Lesson | None]:
    """The lessons before and after this one in the course as it is now."""
    around = current_lessons(session(), [lesson.course.id]).get(lesson.course.id, [])
    place = next((at for at, other in enumerate(around) if other.iri == lesson.iri), None)
    if place is None:
        return None, None
    following = around[place + 1] if place + 1 < len(around) else None
    return (around[place - 1] if place else None), following


def _name(attempt: Attempt) -> str:
    if attempt.is_guest:
        return ""
    accounts = accounts_of_people(session(), same_as(session(), attempt.learner))
    return accounts[0].name if accounts else ""


for _view in (play, state, save, go):
    content_view(_view)
for _view in (save, go):
    csrf.exempt(_view)
