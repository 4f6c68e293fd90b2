"""Dates as banks write them: what formats a cell may have, and reading by one of them.

Formats are written in the directives of strptime, for people know them; reading is our own, as
strptime knows month names of one language only, is slow, and cannot leave out a time of day.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from solvent.intake.formats.csv_table.phrases import month_number
from solvent.intake.formats.csv_table.refusals import BadDate, BadMapping

DATE_CHARS_MAX = 45
"""Longer cells are no date."""
YEAR_MIN, YEAR_MAX = 1900, 2100
CENTURY_PIVOT = 70
"""Two-digit years below it are of this century."""
KEPT_MAX = 4096
"""Cells whose formats are kept."""
DAYS_KEPT = 20_000
"""Plain dates whose day is kept: those of half a century, the same in every file."""
FORMAT_CHARS_MAX = 80

ISO = "%Y-%m-%d"
DAY_FIRST, MONTH_FIRST, YEAR_FIRST = "%d{0}%m{0}%{1}", "%m{0}%d{0}%{1}", "%{1}{0}%m{0}%d"

_TIME = (
    r"(?:(?:T|[ ,]\s*(?:at\s+)?)\d{1,2}[:.h]\d{2}(?:[:.]\d{2})?(?:[.,]\d{1,9})?"
    r"\s*(?:[AaPp]\.?[Mm]\.?)?\s*(?:Z|UTC|GMT|[A-Z]{3,4}|[+-]\d{2}:?\d{2})?)?"
)
_NUMERIC = re.compile(rf"(\d{{1,4}})([-/.]|\. ?| )(\d{{1,2}})\2(\d{{1,4}})\.?{_TIME}", re.ASCII)
_SHORT = re.compile(rf"(\d{{1,2}})([-/.])(\d{{1,2}})(\.?){_TIME}", re.ASCII)
_COMPACT = re.compile(r"(\d{8})(?:\d{6}(?:\.\d+)?)?(?:\[[^\]]*\])?", re.ASCII)
_TIGHT = re.compile(rf"(\d{{8}}){_TIME}", re.ASCII)
_WEEKDAY = r"(?P<weekday>[^\W\d_]{2,12}\.?,?\s+)?"
_DAY_NAME = re.compile(
    rf"{_WEEKDAY}(?P<d>\d{{1,2}})(?P<s>[-/. ]*)(?P<b>[^\W\d_]{{3,12}}\.?)"
    rf"(?:(?P<t>[-/., ']*)(?P<y>\d{{4}}|\d{{2}}))?{_TIME}"
)
_NAME_DAY = re.compile(
    rf"{_WEEKDAY}(?P<b>[^\W\d_]{{3,12}}\.?)(?P<s>[ .-]*)(?P<d>\d{{1,2}})"
    rf"(?:(?P<t>[-/, ']+)(?P<y>\d{{4}}|\d{{2}}))?{_TIME}"
)
_YEAR_NAME = re.compile(rf"(\d{{4}})([-/ .])([^\W\d_]{{3,12}}\.?)([-/ .])(\d{{1,2}}){_TIME}")
_MAYBE = re.compile(r"\d|[^\W\d_]{2}[^\d]{0,20}\d")
_NAMED = re.compile(r"[^\W\d_]")
_CHINESE = re.compile(rf"(\d{{4}}|\d{{2}})(年|년 ?)(\d{{1,2}})(月|월 ?)(\d{{1,2}})(日|일){_TIME}")


def _exists(year: int, month: int, day: int) -> bool:
    """Say whether there is such a day, in a year that a bank would print."""
    try:
        date(year, month, day)
    except ValueError:
        return False
    return YEAR_MIN <= year <= YEAR_MAX


def full_year(text: str) -> int:
    """Return the year that one, two or four digits mean."""
    year = int(text)
    if len(text) > len("99"):
        return year
    return year + (2000 if year < CENTURY_PIVOT else 1900)


def _numeric(match: re.Match[str]) -> list[str]:
    """Return the formats of three numbers, day first before month first before year first."""
    one, mark, two, three = match.group(1, 2, 3, 4)
    first, second, third = int(one), int(two), int(three)
    if len(one) == len("2026"):
        order = YEAR_FIRST.format(mark, "Y")
        if _exists(first, second, third):
            return [order]
        return ["%Y{0}%d{0}%m".format(mark)] if _exists(first, third, second) else []  # noqa: UP032 - a template like the others
    if len(one) > len("31") or len(three) == len("026"):
        return []
    letter = "Y" if len(three) == len("2026") else "y"
    year = full_year(three)
    found: list[str] = []
    if _exists(year, second, first):
        found.append(DAY_FIRST.format(mark, letter))
    if _exists(year, first, second):
        found.append(MONTH_FIRST.format(mark, letter))
    if letter == "y" and len(one) == len("26") and _exists(full_year(one), second, third):
        found.append(YEAR_FIRST.format(mark, "y"))
    return found


def _short(match: re.Match[str]) -> list[str]:
    """Return the formats of a day and a month without a year."""
    one, mark, two, dot = match.group(1, 2, 3, 4)
    if mark == "." and not dot:
        return []
    leap = 2000
    found = [f"%d{mark}%m{dot}"] if _exists(leap, int(two), int(one)) else []
    return [*found, f"%m{mark}%d{dot}"] if _exists(leap, int(one), int(two)) else found


def _compact(digits: str) -> list[str]:
    """Return the formats of eight digits in a row."""
    one, two, three, four = (int(digits[at : at + 2]) for at in range(0, 8, 2))
    found = ["%Y%m%d"] if _exists(one * 100 + two, three, four) else []
    if not found and _exists(three * 100 + four, two, one):
        found.append("%d%m%Y")
    if not found and _exists(three * 100 + four, one, two):
        found.append("%m%d%Y")
    return found


def _named(match: re.Match[str], template: str) -> list[str]:
    """Return the format of a date with the month's name, where it names one and the day exists."""
    part = match.groupdict()
    month = month_number(part["b"].rstrip("."))
    year = full_year(part["y"]) if part["y"] else 2000
    if not month or not _exists(year, month, int(part["d"])):
        return []
    letter = "%Y" if part["y"] and len(part["y"]) > len("26") else "%y"
    behind = f"{part['t'] or ''}{letter}" if part["y"] else ""
    name = "%b." if part["b"].endswith(".") else "%b"
    before = (
        "%a" + (part["weekday"].strip()[-1:] if part["weekday"].strip()[-1:] in ".," else "") + " "
        if part["weekday"]
        else ""
    )
    return [before + template.format(day="%d", gap=part["s"], name=name) + behind]


@lru_cache(KEPT_MAX)
def formats_of(text: str) -> tuple[str, ...]:
    """Return every format that ``text`` may have, a time of day left out; none if it is no date."""
    if not _MAYBE.match(text) or len(text) > DATE_CHARS_MAX:
        return ()
    if text.isdigit():
        return tuple(_compact(match[1])) if (match := _COMPACT.fullmatch(text)) else ()
    if match := _NUMERIC.fullmatch(text):
        return tuple(_numeric(match))
    if _NAMED.search(text):
        return tuple(_with_name(text))
    if match := _COMPACT.fullmatch(text) or _TIGHT.fullmatch(text):
        return tuple(_compact(match[1]))
    return tuple(_short(match)) if (match := _SHORT.fullmatch(text)) else ()


def _with_name(text: str) -> list[str]:
    """Return the formats of a date whose month is a word, or that has words between its numbers."""
    if match := _COMPACT.fullmatch(text) or _TIGHT.fullmatch(text):
        return _compact(match[1])
    if match := _CHINESE.fullmatch(text):
        year, month, day = full_year(match[1]), int(match[3]), int(match[5])
        letter = "Y" if len(match[1]) == len("2026") else "y"
        known = f"%{letter}{match[2]}%m{match[4]}%d{match[6]}"
        return [known] if _exists(year, month, day) else []
    if match := _DAY_NAME.fullmatch(text):
        return _named(match, "{day}{gap}{name}")
    if match := _NAME_DAY.fullmatch(text):
        return _named(match, "{name}{gap}{day}")
    if match := _YEAR_NAME.fullmatch(text):
        month = month_number(match[3].rstrip("."))
        if month and _exists(int(match[1]), month, int(match[5])):
            dot = "." if match[3].endswith(".") else ""
            return [f"%Y{match[2]}%b{dot}{match[4]}%d"]
    return []


def is_date(text: str) -> bool:
    """Say whether a cell can be a date."""
    return bool(formats_of(text))


_DIRECTIVES = {
    "Y": r"(?P<Y>\d{4})",
    "y": r"(?P<y>\d{1,2})",
    "m": r"(?P<m>\d{1,2})",
    "d": r"(?P<d>\d{1,2})",
    "e": r"\s?(?P<d>\d{1,2})",
    "b": r"(?P<b>[^\W\d_]{3,12})",
    "B": r"(?P<b>[^\W\d_]{3,12})",
    "h": r"(?P<b>[^\W\d_]{3,12})",
    "a": r"[^\W\d_]{2,12}",
    "A": r"[^\W\d_]{2,12}",
    "H": r"\d{1,2}",
    "I": r"\d{1,2}",
    "M": r"\d{2}",
    "S": r"\d{2}",
    "f": r"\d{1,9}",
    "p": r"[AaPp]\.?[Mm]\.?",
    "z": r"(?:Z|[+-]\d{2}:?\d{2}(?::?\d{2})?)",
    "Z": r"[A-Za-z/_]*",
    "%": "%",
}
_SHORTHANDS = {"%T": "%H:%M:%S", "%R": "%H:%M", "%F": "%Y-%m-%d", "%D": "%m/%d/%y"}
_FIXED = {"y": r"(?P<y>\d{2})", "m": r"(?P<m>\d{2})", "d": r"(?P<d>\d{2})", "H": r"\d{2}"}


@lru_cache(DAYS_KEPT)
def _iso(text: str) -> date | None:
    """Return the day of the plainest writing, None where the text is any other."""
    if len(text) != len("2026-01-31") or text[4] != "-" or text[7] != "-":
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if YEAR_MIN <= day.year <= YEAR_MAX else None


@dataclass(frozen=True, slots=True)
class DateFormat:
    """One way of writing dates; ``has_year`` is false where the year must come from elsewhere."""

    text: str
    pattern: re.Pattern[str]
    has_year: bool

    def read(self, text: str, year: int = 0) -> date:
        """Read a cell, in ``year`` where the format has none; raise :class:`BadDate`."""
        if self.text == ISO and (day := _iso(text)):
            return day
        match = self.pattern.fullmatch(text.strip()) if len(text) <= DATE_CHARS_MAX else None
        if not match:
            raise BadDate(text)
        part = match.groupdict()
        month = int(part["m"]) if part.get("m") else month_number(part["b"])
        if self.has_year:
            year = full_year(part.get("Y") or part["y"])
        if not _exists(year, month, int(part["d"])):
            raise BadDate(text)
        return date(year, month, int(part["d"]))


def _pattern(form: str) -> str | None:
    """Return the expression of a format, None where it has a directive that is not known."""
    pieces: list[str] = []
    parts = re.findall(r"%.|[^%]", form)
    tight = re.search(r"%[YymdHMS]%[YymdHMS]", form) is not None
    if "".join(parts) != form:
        return None
    for piece in parts:
        if not piece.startswith("%"):
            pieces.append(r"\s*" if piece.isspace() else re.escape(piece))
        elif piece[1] in _DIRECTIVES:
            table = _FIXED if tight and piece[1] in _FIXED else _DIRECTIVES
            pieces.append(table[piece[1]])
        else:
            return None
    tail = r"(?:\d{6}(?:\.\d+)?)?(?:\[[^\]]*\])?" if tight and "%H" not in form else ""
    return "".join(pieces) + (tail + _TIME if "%H" not in form and "%I" not in form else "")


@lru_cache(256)
def date_format(form: str) -> DateFormat:
    """Compile a format; raise :class:`BadMapping` where it names no day and month.

    A time of day behind the date is left out even where the format does not speak of it.
    """
    text = form
    for short, long in _SHORTHANDS.items():
        text = text.replace(short, long)
    pattern = _pattern(text) if len(text) <= FORMAT_CHARS_MAX else None
    try:
        compiled = re.compile(pattern) if pattern else None
    except re.error:
        compiled = None
    names = set(compiled.groupindex) if compiled else set[str]()
    if compiled is None or "d" not in names or not names & {"m", "b"}:
        raise BadMapping("date_format", "a format of strptime with day and month, as %d.%m.%Y")
    return DateFormat(form, compiled, bool(names & {"Y", "y"}))


def nearest_year(form: DateFormat, text: str, near: date) -> date:
    """Read a cell without a year so that it comes closest to ``near``."""
    candidates: list[date] = []
    for year in (near.year - 1, near.year, near.year + 1):
        try:
            candidates.append(form.read(text, year))
        except BadDate:
            continue
    if not candidates:
        raise BadDate(text)
    return min(candidates, key=lambda day: abs((day - near).days))
