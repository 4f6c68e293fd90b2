"""What people wrote down for a run: waivers and attestations, in files of TOML.

A waiver lets one claim stay open until a day, under somebody's name and for a reason; an attestation
records who examined what, when, and the digest of the document that says so. Past its day either is
as if it were not there, and the report says that it has passed.
"""

import re
import tomllib
from collections.abc import Callable, Collection, Mapping
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from solvent.readiness.domain import Attestation, BadRecord, Waiver

T = TypeVar("T", Waiver, Attestation)

RECORDS_BYTES_MAX = 1_000_000
WAIVED_DAYS_MAX = 180
_SHA256 = re.compile(r"[0-9a-f]{64}")


def read_waivers(path: Path, *, today: date, known: Collection[str]) -> dict[str, Waiver]:
    """Read ``[[waivers]]``: claim, name, reason, expires. Refuse one past its day or too long."""

    def one(said: Mapping[str, Any]) -> Waiver:
        waiver = Waiver(said["claim"], said["name"], said["reason"], said["expires"])
        if not (waiver.name.strip() and waiver.reason.strip()):
            raise BadRecord(f"The waiver of {waiver.claim} needs a name and a reason.")
        if waiver.expires < today:
            raise BadRecord(
                f"The waiver of {waiver.claim} ended on {waiver.expires}. Decide anew, or drop it."
            )
        if (waiver.expires - today).days > WAIVED_DAYS_MAX:
            raise BadRecord(
                f"The waiver of {waiver.claim} runs for more than {WAIVED_DAYS_MAX} days. "
                "Give it a nearer day."
            )
        return waiver

    return _read(path, "waivers", one, known)


def read_attestations(path: Path, *, today: date, known: Collection[str]) -> dict[str, Attestation]:
    """Read ``[[attestations]]``: claim, who, on, document_sha256, expires, by_test."""

    def one(said: Mapping[str, Any]) -> Attestation:
        made = Attestation(
            said["claim"],
            said["who"],
            said["on"],
            said["document_sha256"],
            said["expires"],
            said.get("by_test", False),
        )
        if not (made.who.strip() and _SHA256.fullmatch(made.document_sha256)):
            raise BadRecord(
                f"The attestation of {made.claim} needs who made it and the SHA-256 of the "
                "document, in 64 small hexadecimal digits."
            )
        if made.on > today:
            raise BadRecord(f"The attestation of {made.claim} is dated in the future.")
        return made

    return _read(path, "attestations", one, known)


def _read(
    path: Path, title: str, one: Callable[[Mapping[str, Any]], T], known: Collection[str]
) -> dict[str, T]:
    """Read the records under ``title``, by claim."""
    try:
        with path.open("rb") as file:
            listed = tomllib.loads(file.read(RECORDS_BYTES_MAX).decode()).get(title, [])
        records = [one(each) for each in listed]
    except OSError as gone:
        raise BadRecord(f"{path} cannot be read: {gone.strerror}.") from gone
    except (ValueError, TypeError, AttributeError) as bad:
        raise BadRecord(f"{path} is not TOML with dates and texts in [[{title}]].") from bad
    except KeyError as missing:
        raise BadRecord(f"{path}: an entry of [[{title}]] does not say {missing}.") from missing
    for record in records:
        if record.claim not in known:
            raise BadRecord(f"{path}: there is no claim “{record.claim[:60]}”.")
    return {record.claim: record for record in records}
