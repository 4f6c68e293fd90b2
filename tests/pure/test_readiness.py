"""Claims, outcomes, scores, records and reports, without an installation."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from solvent.entrypoints.probing import probes_by_claim
from solvent.kernel.probe import Answer, Kind
from solvent.readiness.catalogue import catalogue, claims_in, claims_of
from solvent.readiness.document import Document, document_of, read_document
from solvent.readiness.domain import (
    BadRecord,
    Claim,
    Dimension,
    Evidence,
    Findings,
    Outcome,
    UnknownArea,
    Verdict,
    objections,
    score_of,
)
from solvent.readiness.page import page_of
from solvent.readiness.prose import markdown_of
from solvent.readiness.records import read_attestations, read_waivers
from solvent.readiness.seal import ReportRefused, check_seal, sealed
from solvent.runtime.keys import KeyRing, generate_key

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TODAY = NOW.date()
KEYS = KeyRing.parse(generate_key())


def claim(name: str = "edge-one", *, weight: int = 1, blocker: bool = False) -> Claim:
    return Claim(name, "edge", "It holds.", Kind.LIVE, "edge", (Dimension.SECURE,), weight, blocker)


def verdict(outcome: Outcome, *, weight: int = 1, blocker: bool = False) -> Verdict:
    evidence = (
        Evidence("GET / as nobody <b>", "200"),
        Evidence("it holds", "yes", held=True),
        Evidence("how many", "3", held=True, figure=3, least=1, most=9),
    )
    return Verdict(claim(weight=weight, blocker=blocker), outcome, NOW, "for <reasons>", evidence)


def findings(*verdicts: Verdict) -> Findings:
    return Findings(
        url="https://solvent.example",
        environment="production",
        release="1.0",
        profile="quick",
        areas=(),
        drills=False,
        began_at=NOW,
        ended_at=NOW,
        verdicts=verdicts,
    )


def report(*verdicts: Verdict) -> Document:
    document: Document = json.loads(json.dumps(document_of(findings(*verdicts), None)))
    return document


def test_unproved_and_waived_count_as_nothing() -> None:
    verdicts = [
        verdict(Outcome.PROVED, weight=3),
        verdict(Outcome.UNPROVED),
        verdict(Outcome.WAIVED),
        verdict(Outcome.FAILED),
        verdict(Outcome.NOT_APPLICABLE, weight=9),
    ]
    assert score_of(verdicts).percent == 50.0


def test_nothing_proved_out_of_nothing_is_not_ready() -> None:
    assert list(objections([]))


def test_a_high_score_without_a_failure_is_ready() -> None:
    assert report(*[verdict(Outcome.PROVED)] * 9, verdict(Outcome.UNPROVED))["verdict"] == "READY"


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.UNPROVED, Outcome.WAIVED])
def test_an_open_blocker_outweighs_every_score(outcome: Outcome) -> None:
    many = [verdict(Outcome.PROVED, weight=3)] * 500
    assert report(*many, verdict(outcome, blocker=True))["verdict"] == "NOT READY"


def test_one_failure_is_not_ready_whatever_the_score() -> None:
    many = [verdict(Outcome.PROVED, weight=3)] * 500
    assert report(*many, verdict(Outcome.FAILED))["verdict"] == "NOT READY"


def test_every_claim_has_a_probe_or_an_attestation_or_a_subject_not_built() -> None:
    probes = probes_by_claim()
    lacking = [
        each.id
        for each in catalogue()
        if not (each.not_built or each.kind is Kind.ATTESTED or each.id in probes)
    ]
    assert lacking == []


def test_every_probe_proves_a_claim_of_its_kind_that_is_built() -> None:
    claims = {each.id: each for each in catalogue()}
    for name, probe in probes_by_claim().items():
        assert (name, claims[name].kind, claims[name].not_built) == (name, probe.kind, "")


def test_claims_are_written_once_each_as_a_sentence() -> None:
    names = [each.id for each in catalogue()]
    assert len(names) == len(set(names))
    for each in catalogue():
        assert each.id.startswith(f"{each.area}-"), each.id
        assert each.claim.endswith("."), each.id
        assert 1 <= each.weight <= 3, each.id


def test_what_no_claim_has_is_refused() -> None:
    text = '[[claims]]\nid = "x-a"\nclaim = "."\nkind = "drill"\ncomponent = "c"\n'
    with pytest.raises(ValueError, match="wieght"):
        list(claims_in("x", text + 'dimensions = ["works"]\nwieght = 3\n'))


def test_an_area_that_is_none_is_refused() -> None:
    with pytest.raises(UnknownArea, match="headers"):
        claims_of(["hedders"])


def test_a_report_says_what_changed_since_the_last() -> None:
    before = report(verdict(Outcome.FAILED))
    after = document_of(findings(verdict(Outcome.PROVED)), before)
    assert after["trend"]["changed"] == [{"id": "edge-one", "was": "failed", "is": "proved"}]


def test_the_page_runs_nothing_and_shows_markup_as_text() -> None:
    page = page_of(report(verdict(Outcome.FAILED)))
    assert "<script" not in page
    assert "default-src &#39;none&#39;" in page or "default-src 'none'" in page
    assert "for &lt;reasons&gt;" in page
    assert "<b>" not in page
    assert "did not hold" not in page


def test_the_markdown_leads_with_what_is_open() -> None:
    text = markdown_of(report(verdict(Outcome.PROVED), verdict(Outcome.FAILED)))
    assert text.startswith("# NOT READY: 50.0 %")
    assert text.index("| ✗ |") < text.index("| ✓ |")


def test_a_sealed_report_stands_until_it_is_changed() -> None:
    document = json.loads(json.dumps(sealed(report(verdict(Outcome.FAILED)), KEYS)))
    check_seal(document, KEYS, NOW)
    document["verdict"] = "READY"
    with pytest.raises(ReportRefused, match="changed"):
        check_seal(document, KEYS, NOW)


def test_a_report_of_another_installation_is_refused() -> None:
    document = sealed(report(verdict(Outcome.PROVED)), KeyRing.parse(generate_key()))
    with pytest.raises(ReportRefused, match="does not hold"):
        check_seal(document, KEYS, NOW)


def test_a_report_that_is_not_signed_or_too_old_is_refused() -> None:
    document = report(verdict(Outcome.PROVED))
    with pytest.raises(ReportRefused, match="not signed"):
        check_seal(document, KEYS, NOW)
    with pytest.raises(ReportRefused, match="valid until"):
        check_seal(sealed(document, KEYS), KEYS, NOW + timedelta(days=31))


def test_a_file_that_is_no_report_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    for text in ("", "[]", '{"format": 99}'):
        path.write_text(text)
        with pytest.raises(BadRecord):
            read_document(path)


WAIVER = '[[waivers]]\nclaim = "edge-one"\nname = "Ada"\nreason = "soon"\nexpires = {}\n'


def waivers(folder: Path, text: str) -> object:
    path = folder / "waivers.toml"
    path.write_text(text)
    return read_waivers(path, today=TODAY, known={"edge-one"})["edge-one"]


def test_a_waiver_holds_until_its_day(tmp_path: Path) -> None:
    assert waivers(tmp_path, WAIVER.format("2026-03-01"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (WAIVER.format("2026-02-28"), "ended"),
        (WAIVER.format("2027-03-01"), "180 days"),
        (WAIVER.format('"soon"'), "TOML"),
        (WAIVER.format("2026-03-02").replace("Ada", " "), "a name"),
        (WAIVER.format("2026-03-02").replace("edge-one", "edge-two"), "edge-two"),
        ('[[waivers]]\nclaim = "edge-one"\n', "name"),
        ("waivers = 1", "TOML"),
        ("[[[", "TOML"),
    ],
)
def test_a_waiver_that_cannot_hold_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BadRecord, match=said):
        waivers(tmp_path, text)


def test_an_attestation_names_who_when_and_the_document(tmp_path: Path) -> None:
    path = tmp_path / "attestations.toml"
    text = '[[attestations]]\nclaim = "edge-one"\nwho = "Ada"\non = 2026-02-01\n'
    digest, expires = f'document_sha256 = "{"a" * 64}"\n', "expires = 2027-01-01\n"
    path.write_text(text + digest + expires)
    found = read_attestations(path, today=TODAY, known={"edge-one"})["edge-one"]
    assert (found.on, found.by_test) == (date(2026, 2, 1), False)
    path.write_text(text + 'document_sha256 = "short"\n' + expires)
    with pytest.raises(BadRecord, match="SHA-256"):
        read_attestations(path, today=TODAY, known={"edge-one"})


def test_an_answer_gives_each_value_of_a_header() -> None:
    answer = Answer(404, (("Vary", "a"), ("vary", "b")), b'{"code": "not_found"}')
    assert (answer.every("vary"), answer.header("VARY"), answer.code) == (
        ["a", "b"],
        "a, b",
        "not_found",
    )
