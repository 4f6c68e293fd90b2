"""Letters: sealed while they wait, and written in the reader's language with our own links."""

import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from jinja2 import UndefinedError

from solvent.identity.letters import Letter, LetterKind, Letters, LetterUnreadable
from solvent.notifications.mailing import Mailing
from solvent.notifications.rendering import LOCALES, TEMPLATES, Stationery
from solvent.runtime.keys import KeyRing, UnknownKey, generate_key

SITE = "https://money.example"
ID = UUID(int=7)
AT = datetime(2026, 3, 15, 12, 0, tzinfo=UTC)
FACTS = {
    LetterKind.INVITATION: {"inviter": "Bruno <b>", "household": "Home & Garden"},
}
OPTIONS = {
    "encoding": "utf-8",
    "trimmed": "true",
    "newstyle_gettext": "true",
    "trim_blocks": "true",
    "lstrip_blocks": "true",
    "silent": "false",
}


@pytest.fixture(scope="module")
def stationery() -> Stationery:
    return Stationery(SITE)


def letter(kind: LetterKind, locale: str = "en") -> Letter:
    return Letter(
        kind=kind,
        to="alma@example.org",
        locale=locale,
        path="/way?t=secret",
        facts=FACTS.get(kind, {}),
    )


def catalogue(locale: str) -> Catalog:
    with (LOCALES / locale / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=locale)


def used_messages() -> set[str]:
    found = extract_from_dir(
        TEMPLATES, method_map=[("**.j2", "jinja2")], options_map={"**.j2": OPTIONS}
    )
    return {message if isinstance(message, str) else message[0] for _, _, message, _, _ in found}


def test_a_sealed_letter_says_nothing_and_opens_whole() -> None:
    ring = KeyRing.parse(generate_key())
    written = letter(LetterKind.INVITATION)
    sealed = Letters(ring).seal(written)
    waiting = msgspec.json.encode(sealed)
    assert b"alma" not in waiting
    assert b"secret" not in waiting
    assert Letters(ring).open(sealed) == written


def test_a_letter_outlives_the_rotation_of_keys_and_not_their_loss() -> None:
    older, newer = generate_key(), generate_key()
    sealed = Letters(KeyRing.parse(older)).seal(letter(LetterKind.ADDRESS_KNOWN))
    assert Letters(KeyRing.parse(f"{newer},{older}")).open(sealed).to == "alma@example.org"
    with pytest.raises(UnknownKey):
        Letters(KeyRing.parse(newer)).open(sealed)


def test_a_letter_that_was_changed_while_it_waited_is_not_sent() -> None:
    letters = Letters(KeyRing.parse(generate_key()))
    sealed = letters.seal(letter(LetterKind.ADDRESS_KNOWN))
    moved = msgspec.structs.replace(sealed, id=ID)
    with pytest.raises(LetterUnreadable):
        letters.open(moved)


@pytest.mark.parametrize("locale", ["de", "en"])
@pytest.mark.parametrize("kind", list(LetterKind))
def test_every_letter_reads_the_same_in_both_forms(
    stationery: Stationery, kind: LetterKind, locale: str
) -> None:
    writing = stationery.write(letter(kind, locale))
    assert writing.subject
    assert "\n" not in writing.subject
    plain = re.sub(r"\s+", " ", writing.text)
    words = re.findall(r"<p style=\"margin:0 0 16px\">(.*?)</p>", writing.html)
    assert words
    for each in words:
        unescaped = each.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        assert unescaped in plain
    for form in (writing.text, writing.html):
        assert f"{SITE}/way?t=secret" in form
    assert all(len(line) <= 72 for line in writing.text.splitlines() if "://" not in line)


def test_what_people_are_called_is_escaped(stationery: Stationery) -> None:
    writing = stationery.write(letter(LetterKind.INVITATION))
    assert "Bruno &lt;b&gt;" in writing.html
    assert "Bruno <b>" in writing.text


def test_a_letter_reads_german_and_else_english(stationery: Stationery) -> None:
    kind = LetterKind.ADDRESS_KNOWN
    assert stationery.write(letter(kind, "de")).subject == "Sie haben schon ein Konto"
    assert stationery.write(letter(kind, "xx")).subject == "You have an account already"


def test_a_forgotten_fact_is_an_error(stationery: Stationery) -> None:
    with pytest.raises(UndefinedError):
        stationery.write(Letter(kind=LetterKind.INVITATION, to="alma@example.org"))


@pytest.mark.parametrize("locale", ["de", "en"])
def test_every_word_of_the_letters_is_translated_and_none_is_left_over(locale: str) -> None:
    kept = {str(message.id): message for message in catalogue(locale) if message.id}
    assert set(kept) == used_messages()
    names = re.compile(r"%\(\w+\)s")
    for said, message in kept.items():
        assert message.string
        assert set(names.findall(said)) == set(names.findall(str(message.string)))


def test_a_message_is_one_of_a_machine_and_keeps_its_id() -> None:
    mailing = Mailing("https://money.example:8443", "")
    message = mailing.message(letter(LetterKind.INVITATION), id_=ID, at=AT)
    read = message_from_bytes(message.as_bytes(), policy=policy.default)
    assert isinstance(read, EmailMessage)
    assert read["From"] == "Solvent <solvent@money.example>"
    assert read["Message-ID"] == f"<{ID}@money.example>"
    assert read["Auto-Submitted"] == "auto-generated"
    assert read["Subject"] == "Bruno <b> invites you to Home & Garden"
    assert [part.get_content_type() for part in read.iter_parts()] == ["text/plain", "text/html"]


def test_a_name_cannot_add_a_header() -> None:
    facts = {"inviter": "Bruno\r\nBcc: all@example.org", "household": "Home"}
    sly = Letter(kind=LetterKind.INVITATION, to="alma@example.org", facts=facts)
    with pytest.raises(ValueError, match=r"newline|linefeed"):
        Mailing(SITE, "").message(sly, id_=ID, at=AT)


def test_every_kind_of_letter_has_its_template() -> None:
    assert {path.stem for path in Path(TEMPLATES / "letters").iterdir()} == set(LetterKind)
