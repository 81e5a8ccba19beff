"""The commands that run and look after the installation: serve, worker, scheduler, db, doctor."""

import os
import shutil
import sys
import time
import warnings
from pathlib import Path

import click
from celery.exceptions import SecurityWarning
from sqlalchemy.exc import SQLAlchemyError

from lms.core import logs
from lms.core.backup import back_up, restore
from lms.core.commands import Answer, json_option, runtime, told
from lms.core.doctor import examine
from lms.core.jobs import tasks
from lms.core.migrating import upgrade
from lms.core.outages import Outage, outage
from lms.core.processes import Child, Supervisor, own_command
from lms.settings import Settings, read_settings

SHARING_A_COMMIT = 64  # requests with statements that one process works on at once
HEAD_MILLISECONDS = 30_000
LONGEST_HEAD = 400 * 1024  # bytes
STARTING_SECONDS = 60  # for which the database is waited for
METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"


@click.command()
@click.option("--host", help="Address to listen on (default: LMS_HOST, else 0.0.0.0).")
@click.option("--port", type=int, help="Port to listen on (default: PORT, else 8000).")
def serve(host: str | None, port: int | None) -> None:
    """Run web, worker and scheduler together, until Ctrl+C."""
    settings = _listening(host, port)
    _upgrade(settings)
    _greet(settings)
    _share_counts(settings)
    web = own_command("web", "--host", settings.host, "--port", str(settings.port))
    children = [
        Child("web", web),
        Child("worker", own_command("worker")),
        Child("scheduler", own_command("scheduler")),
    ]
    sys.exit(Supervisor(children).run())


@click.command(hidden=True)
@click.option("--host")
@click.option("--port", type=int)
def web(host: str | None, port: int | None) -> None:
    """Run the web server alone (more machines: docs/deployment.md)."""
    from granian.constants import Interfaces
    from granian.http import HTTP1Settings
    from granian.server import Server

    settings = _listening(host, port)
    if _share_counts(settings):
        os.execv(sys.executable, own_command(*sys.argv[1:]))  # noqa: S606  (ourselves)
    Server(
        "lms.app:serve_app",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.web_workers,
        # Those beyond web_threads wait for a commit that they share with others, which takes no processor.
        blocking_threads=settings.web_threads + SHARING_A_COMMIT,
        # For the head of a request, and so for the next one on a connection that is kept. How long a body may
        # take is for lms.core.web.stalled: this server would wait for ever.
        http1_settings=HTTP1Settings(header_read_timeout=HEAD_MILLISECONDS, max_buffer_size=LONGEST_HEAD),
        factory=True,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        log_level="error",  # type: ignore[arg-type]  # granian's enum is of these words
    ).serve()


@click.command()
def worker() -> None:
    """Run a worker, which does the long tasks."""
    held = runtime()
    logs.set_up(held.settings.log_level)
    # Only ids travel, as JSON: what Celery warns of when root runs it (unpickling) cannot happen.
    warnings.simplefilter("ignore", SecurityWarning)
    tasks.register(held.celery, held)
    held.celery.worker_main(
        ["--quiet", "worker", "--pool=threads", "--concurrency=2", "--loglevel=WARNING", "--without-gossip",
         "--without-mingle", "--without-heartbeat"]
    )  # fmt: skip


@click.command()
def scheduler() -> None:
    """Run the scheduler, which starts what is due; one for the whole installation."""
    held = runtime()
    logs.set_up(held.settings.log_level)
    held.celery.start(
        ["--quiet", "beat", "--loglevel=WARNING", f"--pidfile={held.settings.data / 'scheduler.pid'}"]
    )


@click.group()
def db() -> None:
    """The database."""


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the database to the newest form; safe to run again."""
    upgrade(runtime().settings.database_url)
    click.echo("The database is up to date.")


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@json_option
def backup(file: Path, answer: Answer) -> None:
    """Write the whole installation into FILE: database, packages, files, secrets."""
    counts = back_up(runtime(), file)
    answer(
        _counted(counts),
        f"{sum(counts.values())} rows and all files in {file}",
    )


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
def restore_(file: Path, answer: Answer) -> None:
    """Bring a backup into a new, empty installation."""
    held = runtime()
    upgrade(held.settings.database_url)
    counts = restore(held, file)
    answer(
        _counted(counts),
        f"{sum(counts.values())} rows brought in from {file}",
    )


@click.command()
@json_option
def doctor(answer: Answer) -> None:
    """Check database, broker, disk, content origin, clock and pending jobs."""
    findings = examine(runtime())
    good = all(finding.ok for finding in findings)
    answer(
        {"ok": good, "checks": [finding.as_json() for finding in findings]},
        "\n".join(str(finding) for finding in findings),
    )
    if not good:
        sys.exit(1)


def _upgrade(settings: Settings) -> None:
    """Bring the database up to date; one on another machine may still be starting, as this one is."""
    give_up = time.monotonic() + STARTING_SECONDS
    while True:
        try:
            upgrade(settings.database_url)
        except SQLAlchemyError as error:
            is_late = time.monotonic() > give_up
            if settings.embedded_database or is_late or outage(error) is not Outage.AWAY:
                raise
            click.echo(f"lms: {told(error)}", err=True)
            time.sleep(1)
        else:
            return


def _counted(counts: dict[str, int]) -> dict[str, object]:
    tables = [{"table": name, "rows": count} for name, count in counts.items()]
    return {"rows": sum(counts.values()), "tables": tables}


def _listening(host: str | None, port: int | None) -> Settings:
    """The settings for this address and port; the children read them from the environment."""
    given = {"LMS_HOST": host, "PORT": None if port is None else str(port)}
    os.environ.update({name: value for name, value in given.items() if value is not None})
    return read_settings()


def _share_counts(settings: Settings) -> bool:
    """Give the web processes an empty folder to count requests in together; whether there was none yet.

    The client library of Prometheus looks for it once, when it is first imported.
    """
    if METRICS_FOLDER in os.environ:
        return False
    folder = settings.data / "metrics" / str(settings.port)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ[METRICS_FOLDER] = str(folder)
    return True


def _greet(settings: Settings) -> None:
    click.echo(f"Bình dân học vụ số: {settings.public_url}")
    sign_ins = settings.data / "demo-sign-ins.txt"
    if sign_ins.is_file():
        click.echo(sign_ins.read_text(encoding="utf-8").rstrip())
    click.echo("Stop with Ctrl+C.")


COMMANDS = (serve, web, worker, scheduler, db, backup, restore_, doctor)
