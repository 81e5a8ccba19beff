"""How a version will look to learners, for its author, before or after it is offered."""

from uuid import uuid4

from flask import redirect, url_for
from werkzeug.wrappers import Response

from lms.accounts.access import requires
from lms.accounts.policy import Permission
from lms.catalogue.models import CourseVersion
from lms.catalogue.queries import the_version
from lms.core.errors import NotFound, Refused
from lms.core.i18n import current_locale
from lms.core.web import runtime, session
from lms.player.opening import Wish, open_elsewhere
from lms.player.routes.addresses import player_address
from lms.player.routes.blueprint import bp
from lms.player.routes.leaving import leave_for
from lms.player.services.previewing import open_preview


@bp.post("/manage/courses/<slug>/versions/<int:number>/preview/<key>")
@requires(Permission.AUTHOR_COURSES)
def preview(slug: str, number: int, key: str) -> Response:
    """Open a lesson of a version in the player, on the content origin; nothing of it is recorded."""
    version = the_version(session(), slug, number)
    if version.swept is not None:
        raise Refused("The files of version %(number)s were removed.", number=number)
    lesson = next((one for one in version.lessons if one.key == key), None)
    if lesson is None:
        raise NotFound("This version has no such lesson.")
    viewer, language = uuid4(), current_locale()
    back = version_address(version)
    wish = Wish(lesson, viewer, is_guest=False, return_url=back, language=language, preview=True)
    elsewhere = open_elsewhere(session(), wish, runtime().settings)
    if elsewhere is not None:
        return leave_for(elsewhere)
    return redirect(player_address(open_preview(session(), lesson, viewer, language=language)), 303)


def version_address(version: CourseVersion) -> str:
    """The author's page of the version, on the application."""
    page = url_for("catalogue_versions.show", slug=version.course.slug, number=version.number)
    return runtime().settings.public_url + page
