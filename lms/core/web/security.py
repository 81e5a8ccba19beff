"""Security headers, protection of forms, and throttling."""

from collections.abc import Callable
from typing import TypeVar

from flask import Flask, Response, request
from flask_compress import Compress
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_talisman import Talisman
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from lms.core.origins import origins_of
from lms.core.web.request import runtime
from lms.settings import Settings

V = TypeVar("V", bound=Callable[..., object])

PAGE_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    # Pages of the content origins that deliver what waits there (assets/js/offline).
    "frame-src": "{content}",
    "worker-src": "'self'",
    "base-uri": "'none'",
    # Launching a lesson is a form whose answer leads to its content origin.
    "form-action": "'self' {content}",
    "frame-ancestors": "'none'",
}

PERMISSIONS = {"geolocation": "()", "camera": "()", "microphone": "()"}

A_YEAR = 365 * 24 * 3600

# Of data that no browser shows as a page, as far as it is answered in front of Flask.
_OF_DATA = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class _Compress(Compress):
    """Leaves alone what says that it must not be transformed (RFC 9111, 5.2.2.6)."""

    def after_request(self, response: Response | None) -> Response:
        if response is not None and "no-transform" in response.headers.get("Cache-Control", ""):
            return response
        return super().after_request(response)


class _Talisman(Talisman):  # type: ignore[misc]  # it has no types
    """Fills `{content}` and `{application}` in a policy with the origins of this installation."""

    def _parse_policy(self, policy: str | dict[str, str]) -> str:
        settings = runtime().settings
        known = {"{content}": origins_of(settings).sources, "{application}": settings.public_url}
        written: str = super()._parse_policy(policy)
        for name, value in known.items():
            written = written.replace(name, value)
        return written


# Of pages on content origins that show a sentence, load what is ours and lead on.
SMALL_PAGE_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "worker-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}

csrf = CSRFProtect()
compress = _Compress()
limiter = Limiter(get_remote_address)
talisman = _Talisman()


def own_policy(
    policy: dict[str, str],
    *,
    frame_options: str | None = "DENY",
    permissions: dict[str, str] | None = None,
) -> Callable[[V], V]:
    """Give a view a content security policy of its own, without nonces, and permissions beside the usual."""

    def mark(view: V) -> V:
        view.talisman_view_options = {  # type: ignore[attr-defined]  # where Talisman looks for it
            "content_security_policy": policy,
            # Where there is a nonce, browsers ignore 'unsafe-inline'.
            "content_security_policy_nonce_in": [],
            "frame_options": frame_options,
            "permissions_policy": PERMISSIONS | (permissions or {}),
        }
        return view

    return mark


def headers_of_data(settings: Settings) -> list[tuple[str, str]]:
    """What protects an answer that is data for our own pages, and that Flask does not see."""
    found = dict(_OF_DATA)
    if settings.public_url.startswith("https://"):
        found["Strict-Transport-Security"] = f"max-age={A_YEAR}; includeSubDomains"
    return list(found.items())


def init_app(app: Flask, settings: Settings) -> None:
    if settings.proxies:
        hops = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, hops, hops, hops)  # type: ignore[method-assign]
    secure = settings.public_url.startswith("https://")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        # With this prefix no other host below the same name can set it (RFC 6265bis, 4.1.3.2).
        SESSION_COOKIE_NAME="__Host-lms" if secure else "lms",
        SESSION_COOKIE_SECURE=secure,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: a slow reader must not lose a form
        RATELIMIT_STORAGE_URI=settings.redis_url or "memory://",
        RATELIMIT_STRATEGY="moving-window",
        COMPRESS_MIMETYPES=[
            "text/html", "text/css", "text/plain", "text/javascript", "application/javascript",
            "application/json", "image/svg+xml",
        ],
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_STREAMS=True,
        MAX_FORM_MEMORY_SIZE=4 * 1024 * 1024,
    )  # fmt: skip
    talisman.init_app(
        app,
        force_https=False,
        session_cookie_secure=secure,
        strict_transport_security=secure,
        content_security_policy=PAGE_POLICY,
        content_security_policy_nonce_in=["script-src"],
        frame_options="DENY",
        referrer_policy="same-origin",
        permissions_policy=PERMISSIONS,
    )
    csrf.init_app(app)
    limiter.init_app(app)
    compress.init_app(app)
    app.after_request(_cache)
    app.after_request(_apart)


def _apart(response: Response) -> Response:
    """No page of another origin gets a hold of ours, or loads them as its own (HTML, 7.1.3; Fetch, 3.7)."""
    if not request.path.startswith(("/xapi", "/api/")):
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    return response


def _cache(response: Response) -> Response:
    """Built files never change under their name; pages hold somebody's data."""
    if request.path.startswith("/static/build/") and response.status_code == 200:  # noqa: PLR2004
        response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    elif "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = (
            "no-store" if response.mimetype != "image/svg+xml" else "max-age=3600"
        )
    return response
