"""``solvent migrate``: the schema, brought to the version of this release."""

from solvent.entrypoints.cli.answers import DONE, AsJson, show
from solvent.entrypoints.cli.options import DataDir
from solvent.entrypoints.databases import database_at, place, run
from solvent.entrypoints.installation import prepare
from solvent.runtime.schema import versions


def migrate(*, data_dir: DataDir = None, as_json: AsJson = False) -> int:
    """Bring the schema to the version of this release."""
    with database_at(place(data_dir), make=True) as address:
        behind = run(prepare(address))
    newest = versions()[-1]
    said = f"The schema is now {newest}." if behind else f"The schema was {newest} already."
    show({"migrated": behind, "version": newest}, [said], as_json=as_json)
    return DONE
