"""The addresses under which a unit runs, gets its key, and speaks to the record store (cmi5 section 8.1)."""

from urllib.parse import urlencode, urlsplit, urlunsplit

import orjson
from itsdangerous import BadSignature, URLSafeSerializer

from lms.cmi5.models import Launch
from lms.core.origins import origins_of
from lms.player.models import PlaySession
from lms.player.tokens import make_package_key, make_token
from lms.settings import Settings

FETCH = "/cmi5/fetch/"
OPENING = "/cmi5/open/"
DELIVERY = "/cmi5/deliver/"


def unit_address(play: PlaySession, settings: Settings) -> str:
    """Where the unit is: on its package's origin, under the package's key; or on another host as it says."""
    lesson = play.attempt.lesson
    if lesson.remote:
        return lesson.href
    key = make_package_key(lesson.version.sha256, settings.secret_key)
    return f"{_origin(play, settings)}/content/{key}/{lesson.href}"


def launch_address(launch: Launch, agent: dict[str, object], settings: Settings) -> str:
    """The address that opens the unit; what the unit has in its own query stays before ours."""
    origin = _origin(launch.play, settings)
    ours = urlencode(
        {
            "endpoint": f"{origin}/xapi/",
            "fetch": f"{origin}{FETCH}{fetch_key(launch, settings)}",
            "actor": orjson.dumps(agent).decode(),
            "registration": str(launch.registration.id),
            "activityId": launch.lesson.iri,
        }
    )
    parts = urlsplit(launch.address)
    query = f"{parts.query}&{ours}" if parts.query else ours
    return urlunsplit(parts._replace(query=query))


def opening_address(launch: Launch, settings: Settings) -> str | None:
    """The page on the way to a unit in a package; units on other sites cannot be helped, and have none."""
    if launch.lesson.remote:
        return None
    token = make_token(launch.id, launch.expires, settings.secret_key)
    return f"{_origin(launch.play, settings)}{OPENING}{token}/"


def fetch_key(launch: Launch, settings: Settings) -> str:
    """What nobody can guess, for one launch; whether it was used stands in the launch."""
    return _serializer(settings.secret_key).dumps(launch.id.hex)


def read_fetch_key(key: str, settings: Settings) -> str | None:
    """The id of the launch (hexadecimal); None for what is none of ours."""
    try:
        found = _serializer(settings.secret_key).loads(key)
    except BadSignature:
        return None
    return found if isinstance(found, str) else None


def _origin(play: PlaySession, settings: Settings) -> str:
    return origins_of(settings).of(play.attempt.lesson.version.sha256)


def _serializer(secret_key: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret_key, salt="cmi5-fetch")
