"""What the pages of every room are made of."""

from datetime import date
from types import SimpleNamespace

import pytest
from flask import Flask, render_template_string
from lxml import html

from lms.core.web import templates

MACROS = "headline_rate, progress, pagination, table_sort_link, person_table, empty_state"


@pytest.fixture(scope="module")
def app() -> Flask:
    """An application of templates alone."""
    app = Flask("small")
    templates.init_app(app, list)
    return app


def drawn(app: Flask, text: str, address: str = "/people", **values: object) -> html.HtmlElement:
    """What `text` draws on the page `address`, with every macro at hand."""
    source = f'{{% from "layout/macros.html" import {MACROS} %}}{text}'
    with app.test_request_context(address):
        return html.fromstring(f"<div>{render_template_string(source, **values)}</div>")


def rate(completed: int, members: int, percent: float | None) -> SimpleNamespace:
    return SimpleNamespace(
        completed=completed, members=members, percent=percent, definition="Officers", as_of=date(2025, 11, 21)
    )


def words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def test_the_headline_says_numerator_denominator_percent_definition_and_date(app: Flask) -> None:
    shown = words(drawn(app, "{{ headline_rate(rate) }}", rate=rate(56, 57, 98.245)))
    assert "56/57 · 98.2%" in shown
    assert "Officers. As of 21/11/2025." in shown


def test_the_headline_of_nobody_has_no_percentage(app: Flask) -> None:
    shown = drawn(app, "{{ headline_rate(rate) }}", rate=rate(0, 0, None))
    assert "0/0" in words(shown)
    assert "%" not in words(shown)
    assert not shown.xpath("//progress")


def test_the_headline_leads_to_its_explanation(app: Flask) -> None:
    shown = drawn(app, "{{ headline_rate(rate, '/why') }}", rate=rate(57, 57, 100.0))
    assert shown.xpath("//p[contains(@class, 'figure')]/a/@href") == ["/why"]


def test_a_bar_of_nothing_is_valid(app: Flask) -> None:
    bar = drawn(app, "{{ progress(0, 0, 'Lessons') }}").xpath("//progress")[0]
    assert (bar.get("value"), bar.get("max")) == ("0", "1")


@pytest.mark.parametrize(
    ("sort", "link", "mark"), [(None, "name", "↕"), ("name", "-name", "▲"), ("-name", "name", "▼")]
)
def test_a_heading_sorts_one_way_then_the_other(app: Flask, sort: str | None, link: str, mark: str) -> None:
    shown = drawn(app, "{{ table_sort_link('Name', 'name', sort) }}", sort=sort)
    assert shown.xpath("//a/@href") == [f"/people?sort={link}"]
    assert mark in words(shown)


def test_sorting_keeps_the_filters_and_starts_at_the_first_page(app: Flask) -> None:
    address = "/people?unit=a%26b&state=late&state=open&page=4&sort=unit"
    shown = drawn(app, "{{ table_sort_link('Name', 'name', 'unit') }}", address)
    assert shown.xpath("//a/@href") == ["/people?unit=a%26b&state=late&state=open&sort=name"]


def test_the_heading_that_sorts_says_so_to_screen_readers(app: Flask) -> None:
    columns = [{"key": "name", "label": "Name", "sort": True}, {"key": "unit", "label": "Unit", "sort": True}]
    rows = [{"name": "An", "unit": "1"}]
    shown = drawn(app, "{{ person_table(columns, rows, 'People', '-unit') }}", columns=columns, rows=rows)
    assert shown.xpath("//th[@scope='col']/@aria-sort") == ["descending"]


def test_what_people_wrote_stays_text(app: Flask) -> None:
    columns = [{"key": "name", "label": "Name"}]
    rows = [{"name": "<script>alert(1)</script>"}]
    shown = drawn(app, "{{ person_table(columns, rows, 'People') }}", columns=columns, rows=rows)
    assert not shown.xpath("//script")
    assert "<script>" in words(shown)


def test_pages_are_named_around_the_current_one(app: Flask) -> None:
    page = SimpleNamespace(number=5, pages=12)
    shown = drawn(app, "{{ pagination(page) }}", "/people?q=an", page=page)
    assert words(shown) == "← Previous 1 ⋯ 4 5 6 ⋯ 12 Next →"
    assert shown.xpath("//a[@aria-current]/@href") == ["/people?q=an&page=5"]


def test_one_page_needs_no_numbers(app: Flask) -> None:
    assert words(drawn(app, "{{ pagination(page) }}", page=SimpleNamespace(number=1, pages=1))) == ""


def test_an_empty_state_says_what_to_do_next(app: Flask) -> None:
    shown = drawn(app, "{{ empty_state('Nobody yet', 'Import a list.', 'Import', '/import') }}")
    assert shown.xpath("//a[@href='/import']/text()") == ["Import"]
