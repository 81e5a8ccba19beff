"""What one process of the application holds: settings, database, files, job queue."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from celery import Celery

from lms.core.broker import make_celery
from lms.core.database import Database
from lms.core.files import Files
from lms.settings import Settings

T = TypeVar("T")


@dataclass
class Runtime:
    """The shared things of a process; made once, by the web application, a command or a worker."""

    settings: Settings
    _held: dict[type[Any], Any] = field(default_factory=dict, repr=False)

    def held(self, kind: type[T]) -> T:
        """The one object of this kind that the process holds, made when it is first asked for."""
        if kind not in self._held:
            self._held.setdefault(kind, kind())
        found: T = self._held[kind]
        return found

    @cached_property
    def database(self) -> Database:
        return Database(self.settings.database_url, patience=self.settings.database_patience)

    @cached_property
    def files(self) -> Files:
        return Files(self.settings.data)

    @cached_property
    def celery(self) -> Celery:
        return make_celery(self.settings)

    def close(self) -> None:
        if "database" in self.__dict__:
            self.database.close()
