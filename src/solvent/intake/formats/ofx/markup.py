"""Text to units: comments and CDATA resolved, then one unit for each landmark tag.

A landmark is a tag that begins or ends something (a statement, a transaction, a balance). A unit is
a landmark, the raw text up to the next one, and the line it stands on. That reads SGML without end
tags, XML, and the crossings of both in the same way, in linear time and without a tree.
"""

import re
from collections.abc import Iterable, Iterator
from html import escape
from typing import TypeAlias

from solvent.intake.formats.ofx.refusals import OfxForbiddenDeclaration, OfxTruncated

UNIT_CHARS_MAX = 64 * 1024
"""Longest text kept of one unit; what is longer is no transaction of a bank."""

Unit: TypeAlias = tuple[str, str, int]
"""A tag in capitals (``STMTTRN``, ``/OFX``), the text after it, its line from 1."""

_TAG_CHARS_MAX = 256
_OPENING_CHARS_MAX = len("<!NOTATION")
_COMMENT_END, _CDATA_END = "-->", "]]>"
_OPENING = re.compile(
    r"<!(?:(--)|(\[CDATA\[)|DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)", re.IGNORECASE
)
_LANDMARK = re.compile(
    # The look-ahead spares the many tags inside a transaction a walk through all the names.
    r"<(?=[/SCILBAO])(/?(?:STMTTRNP?|LOANSTMTTRN|INVTRAN|(?:CC|INV|LOAN)?STMT(?:TRN)?RS"
    r"|BANKTRANLISTP?|(?:INV|LOAN)TRANLIST|(?:BANK|CC|INV|LOAN)ACCTFROM|LEDGERBAL|AVAILBAL|INVBAL"
    r"|INVPOSLIST|STATUS|CURDEF|ORG|SONRS|ACCTINFO|OFX))(?:\s[^<>]*)?/?>",
    re.IGNORECASE | re.ASCII,
)
_PREFIXED_ROOT = re.compile(r"<([A-Z_][\w.-]{0,31}):OFX[\s>]", re.IGNORECASE | re.ASCII)
_FIELD = re.compile(
    # A "<" that begins no tag belongs to the value.
    r"<([A-Z][A-Z0-9_.]*)(?:\s[^<>]*)?/?>([^<]*(?:<(?![/A-Z])[^<]*)*)",
    re.IGNORECASE | re.ASCII,
)


def fields(text: str) -> dict[str, str]:
    """Return the values in ``text`` by tag in capitals, raw; the first of equal tags counts."""
    return {tag.upper(): value for tag, value in _FIELD.findall(text)[::-1]}


def units(texts: Iterable[str]) -> Iterator[Unit]:
    """Yield the units of a text, then once ``("", the last tag, the last line)``.

    Where the root has an XML prefix (``<ofx:OFX>``), tags are read without it.
    """
    line, tail, tag = 1, "", ""
    prefix: re.Pattern[str] | None = None
    for text in texts:
        joined = tail + text
        if prefix is None and not tag and (root := _PREFIXED_ROOT.search(joined)):
            prefix = re.compile(f"<(/?){re.escape(root[1])}:", re.IGNORECASE)
        if prefix is not None:
            joined = prefix.sub(r"<\1", joined)
        before, *parts = _LANDMARK.split(joined)
        if not parts:
            tail = before[-_TAG_CHARS_MAX:]
            line += before.count("\n", 0, len(before) - len(tail))
            continue
        line += before.count("\n")
        for at in range(0, len(parts) - 2, 2):
            body = parts[at + 1]
            yield parts[at].upper(), body, line
            line += body.count("\n")
        tag, body = parts[-2].upper(), parts[-1]
        kept = _bounded(body)
        tail = f"<{tag}>{kept}"
        line += body.count("\n") - kept.count("\n")
    if tag:
        yield tag, tail[len(tag) + 2 :], line
    yield "", tag, line + tail.count("\n")


def _bounded(body: str) -> str:
    """Shorten an overlong text, so that it stays overlong and a tag cut at its end stays whole."""
    if len(body) <= UNIT_CHARS_MAX + _TAG_CHARS_MAX:
        return body
    return body[:UNIT_CHARS_MAX] + body[-_TAG_CHARS_MAX:]


def resolved(chunks: Iterable[str]) -> Iterator[str]:
    """Yield the text with comments blanked out and CDATA written as escaped text.

    Raise :class:`OfxForbiddenDeclaration` for a document type or an entity, and
    :class:`OfxTruncated` where a comment or CDATA never ends.
    """
    line, held, until = 1, "", ""
    for chunk in chunks:
        text, at = held + chunk, 0
        parts: list[str] = []
        while True:
            if until:
                end = text.find(until, at)
                stop = end if end >= 0 else max(at, len(text) - 2)
                parts.append(_inside(text[at:stop], until))
                if end < 0:
                    break
                at, until = end + len(until), ""
            opening = _OPENING.search(text, at)
            stop = opening.start() if opening else _safe_end(text, at)
            parts.append(text[at:stop])
            if opening is None:
                break
            at, until = opening.end(), _ending(opening)
        held = text[stop:]
        line += chunk.count("\n")
        yield "".join(parts)
    if until:
        raise OfxTruncated("a comment" if until == _COMMENT_END else "a CDATA section", line)
    yield held


def _safe_end(text: str, start: int) -> int:
    """Return where ``text`` can be cut without cutting the beginning of a declaration."""
    at = text.rfind("<", max(start, len(text) - _OPENING_CHARS_MAX))
    return at if at >= 0 else len(text)


def _ending(opening: re.Match[str]) -> str:
    """Return what ends a comment or CDATA; refuse any other declaration."""
    comment, cdata = opening.groups()
    if not comment and not cdata:
        raise OfxForbiddenDeclaration
    return _COMMENT_END if comment else _CDATA_END


def _inside(text: str, until: str) -> str:
    """Return what remains of the inside of a comment (its line ends) or of CDATA (its text)."""
    if until == _COMMENT_END:
        return "\n" * text.count("\n")
    return escape(text, quote=False)
