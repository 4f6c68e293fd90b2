"""``solvent secrets``: the keys of an installation."""

from cyclopts import App, Parameter

from solvent.entrypoints.cli.answers import DONE, AsJson, show
from solvent.runtime.keys import generate_key
from solvent.runtime.settings import KEY_FILES

app = App(name="secrets", default_parameter=Parameter(negative=()))


@app.command
def generate(*, as_json: AsJson = False) -> int:
    """Generate a key for each ring, as lines that an environment file can hold."""
    made = {name: generate_key() for name in KEY_FILES}
    show(made, [f"{name}={key}" for name, key in made.items()], as_json=as_json)
    return DONE
