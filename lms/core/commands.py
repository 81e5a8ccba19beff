"""What every command stands on: the runtime, `--json`, and plain messages on stderr."""

import functools
import sys
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import click
import orjson
from sqlalchemy.exc import SQLAlchemyError

from courses.errors import Refused as RefusedCourse
from lms.core.errors import Refused
from lms.core.outages import outage, refusal_of
from lms.core.runtime import Runtime
from lms.settings import WrongSetting
from tracking.errors import Refused as RefusedRecord

REFUSALS = (Refused, RefusedCourse, RefusedRecord, WrongSetting)


class Date(click.ParamType[date]):
    """A date as YYYY-MM-DD."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return datetime.strptime(value, "%Y-%m-%d").date()  # noqa: DTZ007  (a date has no zone)
        except ValueError:
            self.fail(f"{value!r} is not a date such as 2026-03-31", param, ctx)


DATE = Date()


class Answer:
    """Prints a command's answer: one JSON document, or words."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json

    def __call__(self, document: Any, words: str) -> None:
        if self.as_json:
            click.echo(orjson.dumps(document, option=orjson.OPT_NON_STR_KEYS))
        else:
            click.echo(words)


def json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--json`; the command is given `answer` to print with."""

    @click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")
    @functools.wraps(command)
    def with_answer(*args: Any, as_json: bool, **kwargs: Any) -> Any:
        return command(*args, answer=Answer(as_json=as_json), **kwargs)

    return with_answer


def runtime() -> Runtime:
    """The runtime of the command that runs."""
    found = click.get_current_context().find_object(Runtime)
    if found is None:
        message = "a command was called without its runtime"
        raise RuntimeError(message)
    return found


class PlainGroup(click.Group):
    """A group whose commands end with a plain message on stderr and exit 1 when they are refused."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except REFUSALS as refusal:
            click.echo(f"lms: {refusal}", err=True)
            sys.exit(1)
        except SQLAlchemyError as error:
            click.echo(f"lms: {told(error)}", err=True)
            sys.exit(1)


def told(error: SQLAlchemyError) -> str:
    """An outage of the database in one line, for whoever looks after it. Raises what is none."""
    found = outage(error)
    if found is None:
        raise error
    first_line, *_ = str(getattr(error, "orig", None) or error).splitlines()
    return f"{refusal_of(found)} ({first_line})"
