"""``solvent household``: the households of this installation."""

from cyclopts import App, Parameter

from solvent.entrypoints.cli.answers import DONE, AsJson, show
from solvent.entrypoints.cli.options import DataDir
from solvent.entrypoints.databases import database_at, place, run
from solvent.households.operations.list_households import list_every_household

app = App(name="household", default_parameter=Parameter(negative=()))


@app.command(name="list")
def list_(*, data_dir: DataDir = None, as_json: AsJson = False) -> int:
    """List every household, oldest first."""
    with database_at(place(data_dir)) as address:
        found = run(list_every_household(address.reading_all))
    lines = (
        f"{each.id}  {each.base_currency}  {each.members} members  {each.seq:>8} changes  {each.name}"
        for each in found
    )
    show({"households": found}, lines, as_json=as_json)
    return DONE
