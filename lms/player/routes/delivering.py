"""What waits in a browser is delivered without opening its lesson: the page that does it, and its door."""

from collections.abc import Sequence
from uuid import UUID

from flask import Response, jsonify, render_template, request

from lms.accounts.access import public
from lms.core.web import runtime, session
from lms.core.web.hosts import content_view, origins
from lms.core.web.security import SMALL_PAGE_POLICY, csrf, own_policy
from lms.player.routes.addresses import delivery_path
from lms.player.routes.blueprint import bp
from lms.player.routes.opened import delivered_id
from lms.player.routes.playing import answered
from lms.player.routes.visitor import learner_id
from lms.player.waiting import ended_sessions, unfinished_sessions

DELIVERY_POLICY = SMALL_PAGE_POLICY | {"frame-ancestors": "{application}"}
MOST = 50


@bp.post("/deliver/<key>")
@public
def deliver(key: str) -> tuple[Response, int]:
    """Take in what waited of a session, long after its own key has ended; answers as a commit does."""
    return answered(lambda: delivered_id(key))


@bp.get("/deliver/")
@public
@own_policy(DELIVERY_POLICY, frame_options=None)
def delivery() -> str:
    """Sends what waits on this origin: in a frame of the application's pages, or on its own and back."""
    return render_template("player/deliver.html", application=runtime().settings.public_url)


@bp.get("/learn/waiting")
@public
def waiting() -> Response:
    """Of the sessions that were opened in this browser: which have ended, so that nothing of them can wait.

    Beside it the delivery addresses of the visitor's own sessions that have not, for entries that were kept
    without one, the origin on which lessons ran before, and which of the origins that the browser would go
    to are not ours: whoever can put one on its list must not get the addresses, or the learner, sent there.
    """
    own = unfinished_sessions(session(), learner_id(), most=MOST)
    ended = ended_sessions(session(), _ids(request.args.getlist("session")[:MOST]))
    return jsonify(
        ended=[str(one) for one in ended],
        deliveries={str(play.id): delivery_path(play) for play in own},
        strange=[one for one in request.args.getlist("origin")[:MOST] if not origins().runs(one)],
        former=None if origins().shared else origins().general,
    )


def _ids(texts: Sequence[str]) -> list[UUID]:
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


for _view in (deliver, delivery):
    content_view(_view)
csrf.exempt(deliver)
