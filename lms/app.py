"""Wires the rooms together; no logic of its own."""

import gc
import signal
import sys

from flask import Flask

from lms.accounts import access
from lms.accounts.policy import Permission, allows
from lms.accounts.routes import bp as accounts
from lms.catalogue.manage import bp as catalogue
from lms.catalogue.manage_states import bp as catalogue_states
from lms.catalogue.manage_versions import bp as catalogue_versions
from lms.cmi5.manage import bp as waivers
from lms.cmi5.routes import bp as cmi5
from lms.core import logs
from lms.core.i18n import lazy
from lms.core.processes import die_with_parent
from lms.core.runtime import Runtime
from lms.core.web import (
    errors,
    health,
    hosts,
    language,
    metrics,
    numbers,
    request,
    security,
    static,
    templates,
)
from lms.core.web.front import Application, Front
from lms.core.web.stalled import Stalled
from lms.core.web.templates import Navigation
from lms.enrolment.manage import bp as enrolment
from lms.explorer.manage import bp as explorer
from lms.flow.gauges import gauges
from lms.flow.manage import bp as flow
from lms.home.routes import bp as home
from lms.jobs.routes import bp as jobs
from lms.people.manage import bp as people
from lms.people.manage_identities import bp as identities
from lms.people.manage_imports import bp as rosters
from lms.people.manage_merging import bp as merging
from lms.people.manage_person import bp as person
from lms.people.manage_slips import bp as slips
from lms.people.manage_units import bp as units
from lms.player.express import Commits
from lms.player.routes import bp as player
from lms.rates.api import bp as api
from lms.rates.routes import bp as rates
from lms.settings import Settings, read_settings
from lms.support.manage import bp as support
from lms.support.manage_items import bp as items
from lms.wiring import wire
from lms.xapi import door
from lms.xapi.documents import bp as xapi_documents
from lms.xapi.express import Express
from lms.xapi.manage import bp as clients
from lms.xapi.resources import bp as xapi_resources
from lms.xapi.routes import bp as xapi

BLUEPRINTS = (
    health.bp,
    jobs,
    accounts,
    catalogue,
    catalogue_states,
    catalogue_versions,
    player,
    cmi5,
    waivers,
    xapi,
    xapi_documents,
    xapi_resources,
    enrolment,
    api,
    rates,
    people,
    rosters,
    person,
    slips,
    identities,
    merging,
    units,
    clients,
    flow,
    explorer,
    support,
    items,
    home,
)


def navigation() -> list[Navigation]:
    """The entries that whoever is signed in may use."""
    account = access.current_account()
    entries = [
        (None, Navigation(lazy("Home"), "home.front", "/")),
        (None, Navigation(lazy("Lessons"), "player.lessons", "/lessons")),
        (Permission.SEE_RATES, Navigation(lazy("Figures"), "rates.overview", "/rates")),
        (Permission.SEE_PEOPLE, Navigation(lazy("People"), "people.index", "/people")),
        (Permission.ASSIGN_COURSES, Navigation(lazy("Mandatory courses"), "enrolment.index", "/assignments")),
        (Permission.AUTHOR_COURSES, Navigation(lazy("Courses"), "catalogue_manage.index", "/manage/courses")),
        (Permission.MANAGE_UNITS, Navigation(lazy("Units"), "units.index", "/units")),
        (Permission.SEE_RECORD, Navigation(lazy("Record"), "explorer.index", "/record")),
        (Permission.MANAGE_CLIENTS, Navigation(lazy("Clients"), "clients.index", "/clients")),
        (Permission.MANAGE_CLIENTS, Navigation(lazy("Exchange"), "flow.index", "/flow")),
    ]
    return [entry for needed, entry in entries if needed is None or allows(account, needed)]


def create_app(settings: Settings | None = None) -> Flask:
    """The web application. `settings` are read from the environment where none are given."""
    settings = settings or read_settings()
    app = Flask("lms", static_folder=str(templates.PACKAGE / "static"))
    app.extensions["lms"] = Runtime(settings)
    app.config["MAX_CONTENT_LENGTH"] = settings.max_upload_mb * 1024 * 1024
    wire()
    numbers.init_app(app)
    hosts.init_app(app)
    language.init_app(app)
    door.init_app(app)  # which speaks English: before anything is refused
    errors.init_app(app)
    templates.init_app(app, navigation)
    static.init_app(app)
    security.init_app(app, settings)
    access.init_app(app)
    metrics.init_app(app)
    metrics.also(gauges)
    request.init_app(app)  # the last: what comes first after a view, before anybody signs the answer
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app


def serve_app() -> Application:
    """What the web server loads in each of its processes."""
    die_with_parent(signal.SIGKILL)  # a worker must not keep the port of a server that was killed
    # Whoever stores for all must not wait long, after each answer of the database, for those who only read.
    sys.setswitchinterval(0.001)
    settings = read_settings()
    logs.set_up(settings.log_level)
    app = create_app(settings)
    _spare_the_collector()
    held: Runtime = app.extensions["lms"]
    stalled = Stalled(settings.port)
    stalled.watch()
    front = front_of(app, held, stalled)
    return Commits(Express(front, held), front, held)


def _spare_the_collector() -> None:
    """Have what a process holds to its end left alone when garbage is looked for.

    The objects of a batch all live until it is stored, so that Python would look through everything it has,
    again and again: a quarter of the time of reading statements went there.
    """
    gc.collect()
    gc.freeze()


def front_of(application: Application, held: Runtime, stalled: Stalled) -> Front:
    """What lets requests in to the application."""
    settings = held.settings
    return Front(
        application,
        slots=settings.web_threads,
        folder=held.files.temporary,
        largest=settings.max_upload_mb << 20,
        stalled=stalled,
    )
