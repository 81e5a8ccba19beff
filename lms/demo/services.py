"""Loading the demo city."""

from collections.abc import Callable
from importlib.resources import files

from sqlalchemy.orm import Session

from lms.accounts.passwords import hash_password
from lms.accounts.queries import account_named
from lms.accounts.services import add_account, grant
from lms.core.clock import today
from lms.core.runtime import Runtime
from lms.demo.learning import MANDATORY, load_learning
from lms.demo.queries import CAST, Cast, kept_password
from lms.demo.roster import write_roster
from lms.demo.strangers import load_strangers
from lms.people.importing import Importer
from lms.people.queries import person_of_code
from lms.people.reading import open_roster
from lms.units.queries import unit_of_code
from lms.units.services import Row, import_units, read_units

Tell = Callable[[str], None]


def all_units() -> list[Row]:
    """The city as it is."""
    return read_units(files("lms.demo").joinpath("data", "units.csv").read_bytes())


def load(runtime: Runtime, units: list[Row], tell: Tell) -> None:
    """Bring in units, people, accounts, courses and what was learned; what is there stays as it is."""
    with runtime.database.transaction() as session:
        import_units(session, units)
    tell(f"{len(units)} units")
    tell(f"{_load_people(runtime, units)} people")
    with runtime.database.transaction() as session:
        _load_accounts(session, runtime)
    load_learning(runtime, tell)
    load_strangers(runtime, MANDATORY)


def _load_people(runtime: Runtime, units: list[Row]) -> int:
    with runtime.files.workspace() as folder:
        file = folder / "people.csv"
        write_roster(file, units)
        importer = Importer(open_roster(file), lambda _unit: True, runtime.settings.public_url, today())
        for batch in importer.batches():
            with runtime.database.transaction() as session:
                importer.take(session, batch)
    return importer.report.rows


def _load_accounts(session: Session, runtime: Runtime) -> None:
    password, new = kept_password(runtime.settings)
    for cast in CAST:
        account = account_named(session, cast.username)
        if account is None:
            _add(session, cast, password)
        elif new:  # the file with the password was lost
            account.password_hash = hash_password(password)


def _add(session: Session, cast: Cast, password: str) -> None:
    person = person_of_code(session, cast.person) if cast.person else None
    account = add_account(
        session,
        username=cast.username,
        password=password,
        name=person.name if person else cast.office,
        person=person.id if person else None,
    )
    if cast.role and cast.unit:
        grant(session, account, cast.role, unit_of_code(session, cast.unit), actor=None)
