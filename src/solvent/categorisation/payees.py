"""Payees: a readable name out of what a bank wrote.

A description is peeled: the field that holds the name is found, the bank's phrases in front and
behind it fall away, then numbers, dates, cards and references with the words that introduce them,
then the town where that is sure; what was shouted is set in ordinary case. Peeling is repeated
until nothing changes, so that a name is its own name; each round only takes away, so it ends.
What would leave nothing is not taken: a description that is all boilerplate stays readable.
"""

import re
from unicodedata import category, normalize

from solvent.categorisation import phrases
from solvent.categorisation.case import cased

PAYEE_CHARS_MAX = 80
"""Longest name returned."""
DESCRIPTION_CHARS_MAX = 400
"""How much of a description is looked at: the name never stands further back."""

_DIGITS_OF_REFERENCE = 4
_SHORT_NUMBER_DIGITS = 2
_MASKED_CHARS_MIN = 4

_EDGE = " -\u2013\u2014*.,:;/\\|_#=~'\"()[]<>"
_TAIL = " -\u2013\u2014*,:;/\\|_#=~&([<'\""
_COLUMNS = re.compile(r"\s{3,}")
_TAGGED = re.compile(rf"(?:^|(?<=\W))({phrases.SEPA_TAGS})\+", re.IGNORECASE)
_LABELLED = re.compile(
    rf"(?:^|\s)(?:{phrases.NAME_LABELS})\s?:\s*(\S.*?)(?=\s+[^\W\d][\w/-]*\s?:|$)", re.IGNORECASE
)
_SLASHED = re.compile(r"/NAME/([^/]+)/", re.IGNORECASE)
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b")
_MASK = re.compile(r"(?<!\S)(?:[A-Z]{1,3}:?)?\*+ ?\d{4,}\b|\*{2,}", re.IGNORECASE)
_TIME_AT = re.compile(r"@\d{1,2}[:.]\d{2}.*")
_BRACKETED = re.compile(r"^\[[A-Z]{2}\]")
_MONTHS = "JAN|FEB|MAR|MRZ|APR|MAY|MAI|JUN|JUL|AUG|SEP|OCT|OKT|NOV|DEC|DEZ"
_NOISE = re.compile(
    rf"[#№]?\d*[#№]\d+|NR[:.]?\d+|PAS\d+"
    rf"|\d{{1,2}}[./-]\d{{1,2}}(?:[./-]\d{{2,4}})?"
    rf"|\d{{1,2}}[:.]\d{{2}}(?::\d{{2}})?(?:H|UHR|AM|PM)?|\d+[.,]\d{{2}}"
    rf"|(?:POS)?\d{{1,2}}(?:{_MONTHS})\d*|(?:{_MONTHS})[A-Z]*[-./']?\d{{2,4}}"
    rf"|\d*[X•*]{{2,}}\d+|\d+[X•*]{{2,}}\d*"
)
_NAME_THEN_NUMBER = re.compile(r"([^\W\d_]{4,})[-#*]?\d{3,}")
_LETTERS = re.compile(r"[^\W\d_]+")


def _by_first_word(joined: str) -> dict[str, list[list[str]]]:
    """Index phrases by their first word, the longest first."""
    index: dict[str, list[list[str]]] = {}
    for phrase in sorted(joined.split("|"), key=len, reverse=True):
        words = phrase.split()
        index.setdefault(words[0], []).append(words)
    return index


_CARD = _by_first_word(phrases.CARD_PHRASES)
_ORDER = _by_first_word(phrases.ORDER_PHRASES)
_SUFFIXES = [phrase.split() for phrase in phrases.SUFFIX_PHRASES.split("|")]
_SUFFIX_ENDS = frozenset(phrase[-1] for phrase in _SUFFIXES)


def clean_payee(description: str) -> str:
    """Return the payee's name that a bank's ``description`` holds, at most 80 characters.

    Empty only where no character of it can be seen. The name of a name is that name.
    """
    name, text = _first_column(description.strip()[:DESCRIPTION_CHARS_MAX]), ""
    while name != text:
        text = name
        name = _peeled(text) or _bare(text)
    return name


def _first_column(description: str) -> str:
    """Return the first column of a fixed-width description that is more than the bank's phrases.

    Statements of cards set the shop, its town and its country apart by three spaces or more.
    """
    columns = [_visible(column) for column in _COLUMNS.split(description)]
    if len(columns) > 1:
        return next(filter(_leaves_a_name, columns), None) or _visible(" ".join(columns))
    return columns[0]


def _visible(text: str) -> str:
    """Return ``text`` composed (NFC), with single spaces and without control characters."""
    if not text.isprintable():
        text = "".join(
            character if character.isprintable() else "" if category(character) == "Cf" else " "
            for character in text
        )
    if not text.isascii():
        text = normalize("NFC", text)
    return " ".join(text.split())


def _peeled(text: str) -> str:
    """Take one layer off ``text``; empty where no name is left."""
    carried = False
    if not text.isalnum():
        text = _field(text)
        text, carried = _past_processor(text)
    words = text.replace(";", " ").split()
    keys = [word.strip(_EDGE).upper() for word in words]
    start, by_card = _phrases_in_front(keys)
    kept, number_at = _without_numbers(words, keys, start)
    if text.isupper():
        kept = _without_place(kept, number_at=number_at, by_card=by_card or carried)
    return _finished(_without_suffix(kept))


def _bare(text: str) -> str:
    """Return ``text`` without its numbers, or as it is where it has nothing else."""
    words = text.split()
    keys = [word.strip(_EDGE).upper() for word in words]
    lettered = [
        word
        for word, key in zip(words, keys, strict=True)
        if key.isalpha() or (not _noise(key) and _LETTERS.search(key))
    ]
    return _finished(lettered) or _cut(text)


def _field(text: str) -> str:
    """Find the part of a structured description that holds the name."""
    if "+" in text and (tags := list(_TAGGED.finditer(text))):
        return _tagged_field(text, tags)
    if ":" in text and (labelled := _LABELLED.search(text)):
        return labelled[1]
    if "/" in text and (slashed := _SLASHED.search(text)):
        return slashed[1]
    if text[:1] == "[":
        text = _BRACKETED.sub("", text)
    if "@" in text:
        text = _TIME_AT.sub("", text)
    shouted = text.upper()
    for mark in phrases.CUTS:
        at = shouted.find(mark)
        if at > 0 and _LETTERS.search(text, 0, at):
            text, shouted = text[:at], shouted[:at]
    return _IBAN.sub(" ", text)


def _tagged_field(text: str, tags: list[re.Match[str]]) -> str:
    """Choose among the fields of a SEPA purpose: what stands first, whose money it is, what for."""
    head = text[: tags[0].start()]
    if _leaves_a_name(head):
        return head
    ends = [tag.start() for tag in tags[1:]] + [len(text)]
    fields = {tag[1].upper(): text[tag.end() : end] for tag, end in zip(tags, ends, strict=True)}
    return next((fields[tag] for tag in ("ABWA", "ANAM", "SVWZ") if tag in fields), head)


def _leaves_a_name(text: str) -> bool:
    """Say whether ``text`` is more than the bank's phrases and numbers."""
    words = text.split()
    keys = [word.strip(_EDGE).upper() for word in words]
    start, _ = _phrases_in_front(keys, whole=True)
    return any(map(_LETTERS.search, _without_numbers(words, keys, start)[0]))


def _past_processor(text: str) -> tuple[str, bool]:
    """Go past cards, codes and whoever only carried the payment; say whether there were any."""
    if "*" not in text:
        return text, False
    plain = _MASK.sub(" ", text)
    carried = plain != text
    while "*" in plain:
        head, _, tail = plain.partition("*")
        carrier = head.replace("_", " ").split()[-1:] or [""]
        if carrier[0].upper() in phrases.PROCESSORS and _LETTERS.search(tail):
            plain, carried = tail, True
            continue
        first, _, rest = tail.strip().partition(" ")
        word, _, code = first.partition("*")
        rest = rest if _has_digit(code) else f"{code} {rest}"
        plain = f"{head.rstrip()} {rest if _has_digit(word) else f'{word} {rest}'}"
    return plain, carried


def _has_digit(word: str) -> bool:
    """Say whether ``word`` has a digit anywhere."""
    return any(map(str.isdigit, word))


def _phrases_in_front(keys: list[str], *, whole: bool = False) -> tuple[int, bool]:
    """Count the words of the bank's own phrases in front; say whether a card was used.

    Unless ``whole``, at least one word is left over.
    """
    start, by_card, last = 0, False, len(keys) - (not whole)
    while start < last:
        of_card = _phrase_length(_CARD, keys, start)
        taken = of_card or _phrase_length(_ORDER, keys, start)
        if not taken or start + taken > last:
            break
        start += taken
        by_card = by_card or bool(of_card)
    return start, by_card


def _phrase_length(index: dict[str, list[list[str]]], keys: list[str], start: int) -> int:
    """Return how many words the longest phrase at ``start`` has, 0 where there is none."""
    for phrase in index.get(keys[start], ()):
        if keys[start : start + len(phrase)] == phrase:
            return len(phrase)
    return 0


def _without_numbers(words: list[str], keys: list[str], start: int) -> tuple[list[str], int | None]:
    """Drop numbers, dates, cards and references, and the words that introduce them.

    Also return how many words stood before the last one dropped, None where none was.
    """
    kept: list[str] = []
    number_at: int | None = None
    previous = keys[start - 1] if start else ""
    for at in range(start, len(words)):
        word, key = words[at], keys[at]
        if key.isalpha() and not key.startswith("XX"):
            kept.append(word)
        elif _noise(key) or (key.isdigit() and _drops_short(key, previous, kept, number_at)):
            while kept and kept[-1].strip(_EDGE).upper() in phrases.BEFORE_NUMBER:
                kept.pop()
            number_at = len(kept)
        elif numbered := _NAME_THEN_NUMBER.fullmatch(word):
            kept.append(numbered[1])
        else:
            kept.append(word)
        previous = key
    return kept, number_at


def _noise(key: str) -> bool:
    """Say whether a word is a number of the bank's: a date, a time, a card, a reference."""
    if key.startswith("XX") and len(key) >= _MASKED_CHARS_MIN and not key.strip("X"):
        return True
    if _NAME_THEN_NUMBER.fullmatch(key):
        return False
    return sum(map(str.isdigit, key)) >= _DIGITS_OF_REFERENCE or _NOISE.fullmatch(key) is not None


def _drops_short(key: str, previous: str, kept: list[str], number_at: int | None) -> bool:
    """Say whether a short number is the bank's too: it follows a word or number of the bank's."""
    if previous in phrases.BEFORE_NUMBER:
        return True
    return bool(kept) and (number_at == len(kept) or len(key) > _SHORT_NUMBER_DIGITS)


def _without_place(kept: list[str], *, number_at: int | None, by_card: bool) -> list[str]:
    """Drop a town behind the name where that is sure.

    It is sure behind a card payment, behind a shop's number, before a country or state, or where
    two words are left; never behind a small word (``BANK OF SCOTLAND``).
    """
    keys = [word.strip(_EDGE) for word in kept]
    end = len(keys)
    coded = end > 1 and keys[-1] in phrases.PLACE_CODES
    end -= coded
    town = _town_length(keys[:end])
    name = end - town
    if town and keys[name - 1] not in phrases.SMALL_WORDS:
        sure = coded or by_card or number_at == name or name > 1
        return kept[:name] if sure else kept
    if coded and number_at and number_at < len(kept):
        return kept[:number_at]
    shop, dash, place = keys[-1].rpartition("-") if keys else ("", "", "")
    return [*kept[:-1], shop] if by_card and dash and place in phrases.CITIES else kept


def _town_length(keys: list[str]) -> int:
    """Return how many words the town at the end has, 0 where there is none behind a name."""
    for words in (2, 1):
        if words < len(keys) and " ".join(keys[-words:]) in phrases.CITIES:
            return words
    return 0


def _without_suffix(kept: list[str]) -> list[str]:
    """Drop the bank's phrases behind a name."""
    if len(kept) > 1 and kept[-1].upper() in _SUFFIX_ENDS:
        keys = [word.upper() for word in kept]
        for phrase in _SUFFIXES:
            if len(phrase) < len(keys) and keys[-len(phrase) :] == phrase:
                return kept[: -len(phrase)]
    return kept


def _finished(kept: list[str]) -> str:
    """Join the words of a name, tidy its ends, set its case; empty where it has no letter."""
    name = " ".join(kept).lstrip(_EDGE).rstrip(_TAIL)
    if name[:4].upper() == "WWW.":
        name = name[4:].lstrip(_EDGE)
    if not _LETTERS.search(name):
        return ""
    return _cut(cased(name))


def _cut(name: str) -> str:
    """Shorten to the limit, at a word where there is one."""
    if len(name) <= PAYEE_CHARS_MAX:
        return name
    head, space, _ = name[: PAYEE_CHARS_MAX + 1].rpartition(" ")
    return head.rstrip() if space and head.strip() else name[:PAYEE_CHARS_MAX]
