"""``python -m tools.tidy``: print what is out of order here; exit 1 when anything is."""

import sys

from tools.tidy.tree import findings


def main() -> int:
    """Print each finding on a line of its own and return the exit code."""
    found = sorted(set(findings()))
    sys.stdout.writelines(f"{finding}\n" for finding in found)
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
