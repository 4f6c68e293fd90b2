"""Case: what a bank shouted, written as one writes a name.

Only a name without any small letter is touched. A word becomes capitalised unless it has a spelling
of its own, can only be read letter by letter, or is small inside a name; no word changes length.
"""

import re

from solvent.categorisation import phrases

_ACRONYM_CHARS_MAX = 4

_LETTERS = re.compile(r"[^\W\d_]+")
_VOWEL = re.compile(r"[AEIOUY]")


def cased(name: str) -> str:
    """Set a shouted ``name`` in ordinary case; leave any other as it is."""
    return _LETTERS.sub(_cased_word, name) if name.isupper() else name


def _cased_word(found: re.Match[str]) -> str:
    """Set one word, by its letters and what stands before it."""
    word, name, start = found[0], found.string, found.start()
    before = name[start - 1] if start else " "
    if len(word) == 1:
        return "s" if word == "S" and before == "'" else word
    if before == " ":
        return word.lower() if start and word in phrases.SMALL_WORDS else _spelled(word)
    if (before == "." and word in phrases.WEB_ENDINGS) or before.isdigit():
        return _lower(word)
    if before == "'" and len(name[: start - 1].rpartition(" ")[2]) > 1:
        return _lower(word)
    return _spelled(word)


def _spelled(word: str) -> str:
    """Write a word that stands by itself."""
    if word in phrases.SPELLINGS:
        return phrases.SPELLINGS[word]
    if word in phrases.ACRONYMS or _read_by_letters(word):
        return word
    return word[0] + _lower(word[1:])


def _read_by_letters(word: str) -> bool:
    """Say whether ``word`` can only be read letter by letter: short and without a vowel."""
    return len(word) <= _ACRONYM_CHARS_MAX and word.isascii() and not _VOWEL.search(word)


def _lower(word: str) -> str:
    """Write ``word`` small where that keeps its length; a few letters have no such form."""
    small = word.lower()
    return small if len(small) == len(word) else word
