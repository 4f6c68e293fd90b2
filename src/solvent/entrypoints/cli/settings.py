"""``solvent settings``: what is set, what is wrong with it, and what there is to set."""

from cyclopts import App, Parameter

from solvent.entrypoints.cli.answers import DONE, REFUSED, AsJson, show
from solvent.entrypoints.cli.options import DataDir
from solvent.runtime.environment import process_environment
from solvent.runtime.settings import all_settings, settings_findings
from solvent.runtime.settingsheets import reference as whole_reference
from solvent.runtime.settingsheets import template as whole_template

app = App(name="settings", default_parameter=Parameter(negative=()))


@app.command
def check(*, data_dir: DataDir = None, as_json: AsJson = False) -> int:
    """Check the settings of this environment, changing nothing; exit 1 when anything is wrong."""
    flags = {} if data_dir is None else {"SOLVENT_DATA_DIR": str(data_dir)}
    findings = settings_findings(process_environment(), flags=flags)
    document = {
        "findings": [
            {"code": each.code, "setting": each.setting, "message": each.message}
            for each in findings
        ]
    }
    lines = [each.message for each in findings] or ["Nothing is wrong with the settings."]
    show(document, lines, as_json=as_json)
    return REFUSED if findings else DONE


@app.command
def reference(*, template: bool = False, as_json: AsJson = False) -> int:
    """Print every setting there is, as Markdown; with --template as an environment file."""
    document = {
        "settings": [
            {
                "name": each.name.name,
                "aliases": each.name.aliases,
                "meaning": each.field.description,
            }
            for each in all_settings()
        ]
    }
    sheet = whole_template() if template else whole_reference()
    show(document, sheet.splitlines(), as_json=as_json)
    return DONE
