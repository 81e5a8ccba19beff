"""Templates: where they are, and what each of them may use."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from flask import Flask, request, url_for
from govuk_frontend_wtf.main import wtforms_errors
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader
from markupsafe import Markup

from lms.core import clock, i18n

PACKAGE = Path(__file__).parent.parent.parent
BUILD = PACKAGE / "static" / "build"


@dataclass(frozen=True)
class Navigation:
    """An entry of the site's navigation; `endpoint` names the page, `prefix` the paths it stands for."""

    label: i18n.Message
    endpoint: str
    prefix: str

    @property
    def url(self) -> str:
        return url_for(self.endpoint)

    @property
    def current(self) -> bool:
        return request.path == self.prefix or request.path.startswith(f"{self.prefix}/")


def template_folder() -> Path:
    """The templates: beside the package in a source tree, inside it once installed."""
    inside = PACKAGE / "_templates"
    return inside if inside.is_dir() else PACKAGE.parent / "templates"


@cache
def _hashed_names() -> dict[str, str]:
    manifest = BUILD / "manifest.json"
    if not manifest.is_file():
        raise FileNotFoundError("The page assets have not been built. Run: make assets")
    names: dict[str, str] = json.loads(manifest.read_text())
    return names


def asset(name: str) -> str:
    """The address of a built file; its name holds a hash of its content."""
    return url_for("static", filename=f"build/{_hashed_names()[name]}")


def init_app(app: Flask, navigation: Callable[[], list[Navigation]]) -> None:
    """Give every template its language, its formats and the navigation of whoever is signed in."""
    app.jinja_loader = ChoiceLoader(
        [
            FileSystemLoader(template_folder()),
            PrefixLoader(
                {name: PackageLoader(name) for name in ("govuk_frontend_jinja", "govuk_frontend_wtf")}
            ),
        ]
    )
    env = app.jinja_env
    env.trim_blocks = env.lstrip_blocks = True
    env.add_extension("jinja2.ext.i18n")
    env.install_gettext_callables(i18n.gettext, i18n.ngettext, newstyle=False)  # type: ignore[attr-defined]
    env.globals["_"] = _gettext
    env.globals["ngettext"] = i18n.ngettext
    env.globals["asset"] = asset
    env.globals["wtforms_errors"] = wtforms_errors
    env.globals["today"] = clock.today
    env.globals["app_version"] = version("binh-dan-hoc-vu-so")
    for name, function in FILTERS.items():
        env.filters[name] = function

    @app.context_processor
    def everywhere() -> dict[str, Any]:
        return {"locale": i18n.current_locale(), "locales": i18n.LOCALES, "navigation": navigation()}


def _gettext(msgid: str, **params: Any) -> str:
    """A message in a template; where a param is markup, the other params are escaped."""
    if any(isinstance(value, Markup) for value in params.values()):
        return Markup(i18n.gettext(msgid)) % params  # noqa: S704  (msgids are ours)
    return i18n.gettext(msgid, **params)


FILTERS: dict[str, Callable[..., str]] = {
    "date": i18n.show_date,
    "datetime": i18n.show_datetime,
    "number": i18n.number,
    "percent": i18n.percent,
    "duration": i18n.duration,
    "megabytes": i18n.megabytes,
}
