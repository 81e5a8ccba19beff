"""What one process of the application holds: settings, database, files, job queue."""

from dataclasses import dataclass
from functools import cached_property

from celery import Celery

from lms.core.broker import make_celery
from lms.core.database import Database
from lms.core.files import Files
from lms.settings import Settings


@dataclass
class Runtime:
    """The shared things of a process; made once, by the web application, a command or a worker."""

    settings: Settings

    @cached_property
    def database(self) -> Database:
        return Database(self.settings.database_url)

    @cached_property
    def files(self) -> Files:
        return Files(self.settings.data)

    @cached_property
    def celery(self) -> Celery:
        return make_celery(self.settings)

    def close(self) -> None:
        if "database" in self.__dict__:
            self.database.close()
