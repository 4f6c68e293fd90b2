"""The command line: names of commands, each leading to the module that is imported when called."""

import os
import sys

from cyclopts import App, Parameter

from solvent.entrypoints.cli.answers import DONE, complain, refuse
from solvent.kernel.errors import Refusal

INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells have it."""

_HERE = "solvent.entrypoints.cli"

app = App(
    name="solvent",
    help="Personal finance for households: double-entry books that can be trusted, and proved.",
    version_flags=["--version"],
    help_flags=["--help", "-h"],
    default_parameter=Parameter(negative=()),
    result_action="return_value",
)
for _place, _name, _help in (
    ("serve:serve", "serve", "Migrate, serve, and stop in order on SIGTERM."),
    ("worker:worker", "worker", "Do jobs until SIGTERM, beside whatever serves."),
    ("migrate:migrate", "migrate", "Bring the schema to the version of this release."),
    ("verify:verify", "verify", "Verify the books of every household."),
    ("read:read", "read", "Say what a bank's file holds, without touching any books."),
    ("importing:import_", "import", "Import bank files."),
    ("balances:balances", "balances", "Show what accounts hold."),
    ("demo:demo", "demo", "Make the demonstration household."),
    ("person:app", "person", "People who can log in."),
    ("household:app", "household", "The households of this installation."),
    ("jobs:app", "jobs", "Jobs that were given up."),
    ("settings:app", "settings", "What is set, and what there is to set."),
    ("secrets:app", "secrets", "The keys of an installation."),
    ("certify:certify", "certify", "Prove the claims on an installation and write the report."),
):
    app.command(f"{_HERE}.{_place}", name=_name, help=_help)


def main() -> None:
    """Run the command that was asked for, and exit with its code."""
    arguments = sys.argv[1:]
    try:
        code = app(arguments)
    except Refusal as refusal:
        code = refuse(refusal, as_json="--json" in arguments)
    except KeyboardInterrupt:
        complain("Interrupted.")
        code = INTERRUPTED
    except BrokenPipeError:
        # Whoever read our answer has read enough; nothing is left to be flushed at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = DONE
    sys.exit(code if isinstance(code, int) else DONE)


if __name__ == "__main__":
    main()
