"""The page on the way to a unit: the browser learns to keep what the unit says while there is no network."""

from base64 import b64encode
from typing import Any

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from lms.accounts.access import public
from lms.cmi5.addresses import DELIVERY, FETCH, OPENING, fetch_key, launch_address
from lms.cmi5.models import Launch
from lms.cmi5.queries import the_launch
from lms.cmi5.routes.blueprint import bp
from lms.cmi5.services.kept_documents import documents_of
from lms.cmi5.services.statements import agent_of
from lms.core.clock import utc_now
from lms.core.i18n import using
from lms.core.web import runtime, session
from lms.core.web.hosts import content_view, demand_host_of
from lms.core.web.security import SMALL_PAGE_POLICY, own_policy
from lms.player.tokens import make_delivery_key, make_package_key, read_token


@bp.get(f"{OPENING}<token>/")
@public
@own_policy(SMALL_PAGE_POLICY)
def opening(token: str) -> str | Response:
    """Prepares the browser, and leads on to the unit; of a session that is over to the page of the lesson."""
    settings = runtime().settings
    launch = the_launch(session(), read_token(token, settings.secret_key))
    lesson = launch.lesson
    demand_host_of(lesson.version.sha256)
    if launch.ended is not None or launch.play.expires <= utc_now():  # or its learner has signed out
        address = url_for("player.lesson", slug=lesson.course.slug, key=lesson.key)
        return redirect(settings.public_url + address, 303)
    with using(launch.play.language):
        return render_template("cmi5/opening.html", lesson=lesson, unit=_unit(launch), config=_config(launch))


def _unit(launch: Launch) -> str:
    settings = runtime().settings
    return launch_address(launch, agent_of(launch.registration, settings.public_url), settings)


def _config(launch: Launch) -> dict[str, Any]:
    """What the device notes of the session (assets/js/cmi5): where it goes on, what the unit will read."""
    settings, lesson = runtime().settings, launch.lesson
    package = make_package_key(lesson.version.sha256, settings.secret_key)
    agent = agent_of(launch.registration, settings.public_url)
    documents, whole = documents_of(session(), launch, agent)
    return {
        "session": str(launch.id),
        "unit": _unit(launch),
        "fetch": FETCH + fetch_key(launch, settings),
        "deliver": DELIVERY + make_delivery_key(launch.id, launch.started, settings.secret_key),
        "agent": agent,
        "registration": str(launch.registration.id),
        "activity": lesson.iri,
        "files": url_for("player.content", token=package, path=""),
        "fileList": url_for("player.contents", key=package),
        "whole": whole,
        "documents": [
            {
                "resource": one.resource,
                "name": one.name,
                "type": one.kept.content_type,
                "etag": one.kept.etag,
                "updated": one.kept.updated.timestamp() * 1000,
                "body": b64encode(one.kept.content).decode(),
            }
            for one in documents
        ],
    }


content_view(opening)
