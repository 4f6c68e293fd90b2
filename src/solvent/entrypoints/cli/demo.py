"""``solvent demo``: make the demonstration household."""

from solvent.entrypoints.cli.answers import DONE, AsJson, show
from solvent.entrypoints.cli.options import DataDir
from solvent.entrypoints.databases import database_at, run
from solvent.entrypoints.demonstration.household import EMAIL, PASSWORD_FILE, seed
from solvent.entrypoints.installation import data_dir_of, place_of, prepare, settings_of


def demo(*, data_dir: DataDir = None, as_json: AsJson = False) -> int:
    """Make the demonstration household, unless it is there, and say how to log in."""
    settings = settings_of({} if data_dir is None else {"SOLVENT_DATA_DIR": str(data_dir)})
    kept = data_dir_of(settings) / PASSWORD_FILE
    with database_at(place_of(settings), make=True) as address:
        run(prepare(address, guarded=settings.env.is_guarded))
        password = run(seed(settings, address))
    said = f"the password {password}" if password else f"the password in {kept}"
    show(
        {"email": EMAIL, "password": password, "password_file": kept, "made": password is not None},
        [f"Log in as {EMAIL} with {said}"],
        as_json=as_json,
    )
    return DONE
