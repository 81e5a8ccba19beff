"""Every setting, read once from the environment and from `.env` (docs/settings.md)."""

import os
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values

XAPI_VERSIONS = ("1.0.3", "2.0.0")
# In LMS_CONTENT_URL, where the name of a package stands (lms.core.origins).
PACKAGE = "{package}"
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104


class WrongSetting(Exception):
    """A setting has a value that cannot be used; the sentence names it and says what would do."""


@dataclass(frozen=True)
class Settings:
    """The settings of one installation; field `x` is the variable `LMS_X`, but for `port` (`PORT`)."""

    data: Path
    database_url: str
    secret_key: str
    public_url: str
    content_url: str
    port: int = 8000
    host: str = "0.0.0.0"  # noqa: S104
    former_content_url: str | None = None
    redis_url: str | None = None
    xapi_default_version: str = "1.0.3"
    mail_url: str | None = None
    web_workers: int = 1
    web_threads: int = 4
    database_patience: int = 30
    max_upload_mb: int = 512
    max_document_mb: int = 16
    max_attachment_mb: int = 100
    log_level: str = "INFO"
    proxies: int = 0

    @property
    def embedded_database(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def broker_url(self) -> str:
        """Redis where there is one; else a broker in a SQLite file of its own."""
        return self.redis_url or f"sqla+sqlite:///{self.data / 'broker.sqlite3'}"


def read_settings(
    environ: Mapping[str, str] | None = None, *, port: int | None = None, dotenv: Path | None = Path(".env")
) -> Settings:
    """Read the settings; what stands in the environment wins over `.env`.

    Creates the data folder and, where none was given, a secret key inside it. Raises WrongSetting.
    """
    values = _merged(os.environ if environ is None else environ, dotenv)
    data = Path(values.get("LMS_DATA") or "var").absolute()
    _make_folder(data)
    chosen_port = port or _whole(values, "PORT", 8000)
    host = values.get("LMS_HOST") or EVERYWHERE[0]
    return Settings(
        data=data,
        port=chosen_port,
        database_url=_database_url(values.get("LMS_DATABASE_URL"), data),
        secret_key=values.get("LMS_SECRET_KEY") or _kept_secret(data / "secret_key"),
        public_url=_address(values, "LMS_PUBLIC_URL", f"http://localhost:{chosen_port}"),
        content_url=_content_address(values, chosen_port, host),
        former_content_url=_former(values),
        host=host,
        redis_url=values.get("LMS_REDIS_URL") or None,
        xapi_default_version=_one_of(values, "LMS_XAPI_DEFAULT_VERSION", XAPI_VERSIONS),
        mail_url=values.get("LMS_MAIL_URL") or None,
        web_workers=_whole(values, "LMS_WEB_WORKERS", 1),
        web_threads=_whole(values, "LMS_WEB_THREADS", 4),
        database_patience=_whole(values, "LMS_DATABASE_PATIENCE", 30),
        max_upload_mb=_whole(values, "LMS_MAX_UPLOAD_MB", 512),
        max_document_mb=_whole(values, "LMS_MAX_DOCUMENT_MB", 16),
        max_attachment_mb=_whole(values, "LMS_MAX_ATTACHMENT_MB", 100),
        log_level=_one_of(values, "LMS_LOG_LEVEL", ("INFO", "DEBUG", "WARNING", "ERROR")),
        proxies=_whole(values, "LMS_PROXIES", 0, least=0),
    )


def _merged(environ: Mapping[str, str], dotenv: Path | None) -> dict[str, str]:
    written = dotenv_values(dotenv) if dotenv and dotenv.is_file() else {}
    return {**{name: value for name, value in written.items() if value is not None}, **environ}


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WrongSetting(f"LMS_DATA: the folder {folder} cannot be made ({error.strerror})") from error


def _database_url(given: str | None, data: Path) -> str:
    if not given:
        return f"sqlite:///{data / 'lms.sqlite3'}"
    # Hosting platforms hand out the short form, which SQLAlchemy no longer knows.
    return given.replace("postgres://", "postgresql://", 1)


def _kept_secret(file: Path) -> str:
    """The secret of this installation, made on first use and never twice, even by two processes at once."""
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
            new.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return file.read_text().strip()


def _address(values: Mapping[str, str], name: str, default: str) -> str:
    address = (values.get(name) or default).rstrip("/")
    if not address.startswith(("http://", "https://")):
        raise WrongSetting(f"{name}: {address!r} must start with http:// or https://")
    return address


def _content_address(values: Mapping[str, str], port: int, host: str) -> str:
    """The address of the content; by default a loopback address for each package, where all of them answer.

    On Linux everything from 127.0.0.0 to 127.255.255.255 is this machine (RFC 1122, 3.2.1.3); elsewhere only
    127.0.0.1 is, and a server that listens on one address answers there alone.
    """
    alone = sys.platform != "linux" or host not in EVERYWHERE
    public = values.get("LMS_PUBLIC_URL") or "http://localhost"
    alone = alone or urlsplit(public).hostname != "localhost"
    default = f"http://127.{'0.0.1' if alone else PACKAGE}:{port}"
    address = _address(values, "LMS_CONTENT_URL", default)
    host_name = address.partition("://")[2].partition(":")[0]
    if "{" in address and not (host_name == f"127.{PACKAGE}" or PACKAGE in host_name.split(".")[0]):
        raise WrongSetting(
            f"LMS_CONTENT_URL: {address!r} must have {PACKAGE} in the first part of its host name, such as "
            f"https://{PACKAGE}.bai.example.vn, or nowhere"
        )
    return address


def _former(values: Mapping[str, str]) -> str | None:
    name = "LMS_FORMER_CONTENT_URL"
    return _address(values, name, "") if values.get(name) else None


def _one_of(values: Mapping[str, str], name: str, allowed: tuple[str, ...]) -> str:
    value = values.get(name) or allowed[0]
    if value not in allowed:
        raise WrongSetting(f"{name}: {value!r} is not one of {', '.join(allowed)}")
    return value


def _whole(values: Mapping[str, str], name: str, default: int, *, least: int = 1) -> int:
    text = values.get(name)
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or int(text) < least:
        raise WrongSetting(f"{name}: {text!r} is not a whole number of at least {least}")
    return int(text)
