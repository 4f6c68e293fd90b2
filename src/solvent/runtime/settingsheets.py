"""The settings as people read them: a reference in Markdown, and a template for an environment file."""

import textwrap
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from solvent.runtime.settings import Setting, all_settings, default_of

LINE_CHARS_MAX = 100
HEADINGS = {"": "application"}
"""Headings of groups that are not called like their attribute."""


def reference() -> str:
    """Return the reference of all settings, as Markdown."""
    lines = [
        "# Settings",
        "",
        "Each is a variable of the environment; `NAME_FILE` names a file that holds it instead. An",
        "empty value counts as unset. Names of other programs are read where ours is unset; two",
        "names that disagree stop the start. `solvent settings check` says what is wrong.",
        "",
        "| setting | default | meaning |",
        "|---|---|---|",
    ]
    lines.extend(_row(setting) for setting in all_settings())
    return "\n".join(lines) + "\n"


def template() -> str:
    """Return an environment file that names every setting, each explained and left at its default."""
    lines = [
        "# The environment of a Solvent installation: every setting there is, each at its default.",
        "# Take the '#' away before what you set. A secret has no default: an empty value is unset.",
    ]
    for group, settings in groupby(sorted(all_settings(), key=_group), key=_group):
        lines.extend(["", f"# == {HEADINGS.get(group, group)} =="])
        for setting in settings:
            lines.extend(["", *_explained(setting), f"#{setting.name.name}={_value(setting)}"])
    return "\n".join(lines) + "\n"


def write_sheets(*, references: tuple[Path, ...], templates: tuple[Path, ...]) -> None:
    """Write the reference and the template to their places."""
    for path in references:
        path.write_text(reference(), encoding="utf-8")
    for path in templates:
        path.write_text(template(), encoding="utf-8")


def _group(setting: Setting) -> str:
    """Return what a setting's group is called; empty for those that stand alone."""
    return setting.path[0] if len(setting.path) > 1 else ""


def _explained(setting: Setting) -> Iterator[str]:
    """Yield a setting's meaning as lines of comment."""
    meaning = " ".join((setting.field.description or "").split())
    return (f"# {line}" for line in textwrap.wrap(meaning, LINE_CHARS_MAX - 2))


def _value(setting: Setting) -> str:
    """Return what the template sets a setting to."""
    default = default_of(setting)
    return "" if setting.name.secret or default == "none" else default.strip("`")


def _row(setting: Setting) -> str:
    """Return a setting's row of the reference."""
    meaning = setting.field.description or ""
    if setting.name.aliases:
        meaning += f" Also read: {', '.join(f'`{alias}`' for alias in setting.name.aliases)}."
    return f"| `{setting.name.name}` | {default_of(setting)} | {meaning} |"
