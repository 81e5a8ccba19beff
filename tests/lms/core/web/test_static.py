"""What the browser loads comes compressed, as the build left it, to those who can read it."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.core.web import static


@pytest.fixture
def browser(tmp_path: Path) -> FlaskClient:
    build = tmp_path / "build"
    build.mkdir()
    (build / "app.css").write_bytes(b"plain")
    (build / "app.css.br").write_bytes(b"brotli")
    (build / "app.css.gz").write_bytes(b"gzip")
    (build / "letters.woff2").write_bytes(b"font")
    (tmp_path / "secret.css.br").write_bytes(b"not built")
    (tmp_path / "secret.css").write_bytes(b"other")
    app = Flask("small", static_folder=str(tmp_path), static_url_path="/static")
    static.init_app(app)
    return app.test_client()


@pytest.mark.parametrize(
    ("accepted", "body", "encoding"),
    [
        ("gzip, deflate, br", b"brotli", "br"),
        ("gzip", b"gzip", "gzip"),
        ("br;q=0, gzip", b"gzip", "gzip"),
        ("identity", b"plain", None),
        ("", b"plain", None),
    ],
)
def test_the_best_form_that_the_browser_reads_is_sent(
    browser: FlaskClient, accepted: str, body: bytes, encoding: str | None
) -> None:
    with browser.get("/static/build/app.css", headers={"Accept-Encoding": accepted}) as response:
        assert response.data == body
        assert response.headers.get("Content-Encoding") == encoding
        assert response.mimetype == "text/css"


def test_caches_are_told_that_the_form_depends_on_the_browser(browser: FlaskClient) -> None:
    with browser.get("/static/build/app.css", headers={"Accept-Encoding": "br"}) as response:
        assert "Accept-Encoding" in response.vary


def test_a_file_without_compressed_forms_is_sent_plain(browser: FlaskClient) -> None:
    with browser.get("/static/build/letters.woff2", headers={"Accept-Encoding": "br"}) as response:
        assert response.data == b"font"
        assert "Content-Encoding" not in response.headers


def test_files_that_were_not_built_are_sent_plain(browser: FlaskClient) -> None:
    with browser.get("/static/secret.css", headers={"Accept-Encoding": "br"}) as response:
        assert response.data == b"other"


@pytest.mark.parametrize("path", ["build/none.css", "build/../../pyproject.toml", "build/%2e%2e/%2e%2e/x"])
def test_what_is_not_there_is_not_found(browser: FlaskClient, path: str) -> None:
    with browser.get(f"/static/{path}", headers={"Accept-Encoding": "br"}) as response:
        assert response.status_code == 404
