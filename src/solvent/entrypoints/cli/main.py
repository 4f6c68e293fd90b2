"""The command line: names of commands, each leading to the module that is imported when called."""

import sys

from cyclopts import App, Parameter

from solvent.entrypoints.cli.answers import complain, refuse
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
app.command(f"{_HERE}.read:read", help="Say what a bank's file holds, without touching any books.")


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
    sys.exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    main()
