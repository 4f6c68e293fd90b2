"""``solvent person``: people who can log in."""

import sys
from pathlib import Path
from uuid import UUID

from cyclopts import App, Parameter

from solvent.entrypoints.cli.answers import DONE, AsJson, show
from solvent.entrypoints.cli.options import DataDir
from solvent.entrypoints.cli.read import opened
from solvent.entrypoints.databases import database_at, place, run
from solvent.entrypoints.households import works_at
from solvent.entrypoints.installation import place_of, prepare, settings_of
from solvent.households.domain import NewHousehold, SignedUp
from solvent.households.operations.sign_up import sign_up
from solvent.identity.domain import normal_email
from solvent.identity.operations.choose_password import choose_password
from solvent.kernel.errors import BadValue, NotFound
from solvent.ledger.operations.open_books import open_books
from solvent.runtime.database import OWNER, DatabaseAddress, connect
from solvent.runtime.ids import new_token
from solvent.runtime.passwords import Passwords
from solvent.runtime.systemclock import SystemClock

PASSWORD_BYTES_MAX = 4_096
SET_OPERATOR = "select set_operator($1, $2, $3)"
STANDARD_INPUT = Path("-")

app = App(name="person", default_parameter=Parameter(negative=()))


@app.command
def create(
    *,
    email: str,
    name: str,
    household: str = "Home",
    base_currency: str = "EUR",
    time_zone: str = "UTC",
    password_file: Path | None = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> int:
    """Create a person and their first household.

    Parameters
    ----------
    email
        The address that they log in with.
    name
        What they are called.
    household
        What their household is called.
    base_currency
        The currency that it counts in, as ISO 4217 has it.
    time_zone
        Where its days begin, such as Europe/Berlin.
    password_file
        A file that holds the password; ``-`` reads standard input. Without one a password is made
        and shown this once.
    """
    settings = settings_of({} if data_dir is None else {"SOLVENT_DATA_DIR": str(data_dir)})
    given = None if password_file is None else _password(password_file)
    password = given or new_token()
    wanted = NewHousehold(household, base_currency, time_zone)
    with database_at(place_of(settings), make=True) as address:
        run(prepare(address, guarded=settings.env.is_guarded))
        made = run(
            _create(
                address,
                Passwords(settings.bcrypt_cost),
                email=email,
                name=name,
                password=password,
                household=wanted,
            )
        )
    lines = [f"{made.person.email} owns {made.household.name} ({made.household.id})."]
    document: dict[str, object] = {"person": made.person, "household": made.household}
    if given is None:
        document["password"] = password
        lines.append(f"The password, shown this once: {password}")
    show(document, lines, as_json=as_json)
    return DONE


@app.command
def operator(
    email: str,
    /,
    *,
    grant: bool = False,
    revoke: bool = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> int:
    """Make somebody an operator of this installation, or take that back.

    Parameters
    ----------
    email
        The address that they log in with.
    grant
        Make them one. They need a second factor before any page of operators is there for them.
    revoke
        Take it back.
    """
    if grant == revoke:
        raise BadValue("Say either --grant or --revoke.", field="grant")
    with database_at(place(data_dir)) as address:
        person = run(_set_operator(address, normal_email(email), granted=grant))
    said = "is an operator" if grant else "is no operator"
    document = {"person": str(person), "operator": grant}
    show(document, [f"{email} {said} of this installation."], as_json=as_json)
    return DONE


async def _set_operator(address: DatabaseAddress, email: str, *, granted: bool) -> UUID:
    """Write it down as the owner of the schema, for the application may not."""
    owner = await connect(address.owner, OWNER)
    try:
        person: UUID | None = await owner.fetchval(
            SET_OPERATOR, email, granted, SystemClock().now()
        )
    finally:
        await owner.close()
    if person is None:
        raise NotFound("person")
    return person


async def _create(
    address: DatabaseAddress,
    passwords: Passwords,
    *,
    email: str,
    name: str,
    password: str,
    household: NewHousehold,
) -> SignedUp:
    hashed = await choose_password(passwords, password=password, email=email)
    async with works_at(address) as works, works.for_nobody(cause="person create") as work:
        return await sign_up(
            work,
            email=email,
            name=name,
            password=hashed,
            household=household,
            open_books=open_books,
        )


def _password(path: Path) -> str:
    """Read a password without its last newline."""
    if path == STANDARD_INPUT:
        return sys.stdin.readline().removesuffix("\n")
    with opened(path) as file:
        return file.read(PASSWORD_BYTES_MAX).decode("utf-8", "surrogateescape").removesuffix("\n")
