"""Verification finds what is wrong, each wrong thing by its own code, and nothing where all is well."""

import asyncio
from datetime import date
from io import BytesIO

import asyncpg
import pytest

from solvent.entrypoints.demonstration.files import bank_files
from solvent.entrypoints.verification import (
    INVARIANTS,
    REFERENCES,
    NotVerifiable,
    verify,
    verify_and_log,
    verify_on,
)
from solvent.intake.operations.import_file import Upload, import_file
from solvent.ledger.operations.delete_transaction import delete_transaction
from solvent.ledger.operations.reverse_transaction import reverse_transaction
from solvent.runtime.database import OWNER, DatabaseAddress, connect
from solvent.runtime.work import Works
from tests.database.clients import Member
from tests.database.servers import Server

ONE_IMPORTED = "(select id from transaction where origin = 'import' and deleted_at is null limit 1)"
ONE_WITHOUT_TIES = (
    "(select id from transaction where origin = 'reversal' and deleted_at is null limit 1)"
)

A_ROW = "(select min(ctid) from source_item)"

CORRUPTIONS: dict[str, tuple[str, str]] = {
    "an amount was changed": (
        "ledger.transactions_balance",
        (
            f"update posting set amount_minor = amount_minor + 1, weight_minor = weight_minor + 1"
            f" where transaction_id = {ONE_IMPORTED} and ordinal = 0"
        ),
    ),
    "an amount was changed and the sums with it": (
        "ledger.monthly_sums_agree",
        (
            f"update posting set amount_minor = -amount_minor, weight_minor = -weight_minor"
            f" where transaction_id = {ONE_IMPORTED}"
        ),
    ),
    "a posting was lost": (
        "ledger.transactions_balance",
        f"delete from posting where transaction_id = {ONE_IMPORTED} and ordinal = 1",
    ),
    "all postings of a transaction were lost": (
        "ledger.transactions_are_whole",
        f"delete from posting where transaction_id = {ONE_IMPORTED}",
    ),
    "a deleted transaction came back into the sums": (
        "ledger.transactions_are_whole",
        f"update transaction set deleted_at = now() where id = {ONE_IMPORTED}",
    ),
    "a transaction was lost under its postings": (
        "ledger.postings_fit",
        f"delete from transaction where id = {ONE_WITHOUT_TIES}",
    ),
    "a posting moved to another day": (
        "ledger.postings_fit",
        f"update posting set booked_on = booked_on + 1 where transaction_id = {ONE_IMPORTED}",
    ),
    "a posting moved to an account of nobody": (
        "ledger.postings_fit",
        f"update posting set account_id = gen_random_uuid() where transaction_id = {ONE_IMPORTED}",
    ),
    "a posting is in another currency than its account": (
        "ledger.postings_fit",
        f"update posting set currency = 'JPY' where transaction_id = {ONE_IMPORTED} and ordinal = 0",
    ),
    "a monthly sum is off by one": (
        "ledger.monthly_sums_agree",
        (
            "update monthly_sum set amount_minor = amount_minor + 1"
            " where ctid = (select min(ctid) from monthly_sum)"
        ),
    ),
    "a monthly sum was lost": (
        "ledger.monthly_sums_agree",
        (
            "delete from monthly_sum where ctid = (select min(ctid) from monthly_sum"
            " where amount_minor <> 0)"
        ),
    ),
    "a payee was lost": (
        "ledger.payees_exist",
        (
            "delete from payee where id = (select payee_id from transaction where payee_id is not null"
            " limit 1)"
        ),
    ),
    "an account hangs below itself": (
        "ledger.accounts_have_no_cycle",
        "update account set parent_id = id where id = (select id from account limit 1)",
    ),
    "a transaction was moved to a household that is not": (
        "ledger.households_exist",
        f"update transaction set household_id = gen_random_uuid() where id = {ONE_IMPORTED}",
    ),
    "the search has another memo": (
        "ledger.memos_are_found",
        (
            "insert into memo_text (household_id, transaction_id, memo)"
            f" select household_id, id, memo || '?' from transaction where id = {ONE_IMPORTED}"
        ),
    ),
    "a record of the journal was lost": (
        "journal.gapless",
        "delete from journal where seq = 2",
    ),
    "the newest record of the journal was lost": (
        "journal.head",
        "delete from journal where seq = (select max(seq) from journal)",
    ),
    "a record of the journal was rewritten": (
        "journal.chains",
        """update journal set after = '{"rewritten": true}' where seq = 3""",
    ),
    "a record was rewritten with a hash that fits it": (
        "journal.chains",
        "update journal j set actor = 'somebody', hash = sha256('x') where seq = 3",
    ),
    "two records changed places": (
        "journal.chains",
        (
            "update journal set seq = 5 - seq + 1000000 where seq in (2, 3);"
            " update journal set seq = seq - 1000000 where seq > 1000000"
        ),
    ),
    "the head was rewritten": (
        "journal.head",
        "update household set head = sha256('x')",
    ),
    "a security event was lost": (
        "security.gapless",
        "delete from security_event where seq = 1",
    ),
    "a security event was rewritten": (
        "security.chains",
        "update security_event set kind = 'login.succeeded' where seq = 1",
    ),
    "a security event was rewritten with a hash that fits it": (
        "security.chains",
        (
            "update security_event set network = '10.0.0.0/8' where seq = 1;"
            " update security_event e set hash = security_hash(e) where seq = 1"
        ),
    ),
    "the newest security event was rewritten with a hash that fits it": (
        "security.head",
        (
            "update security_event set actor = 'x' where seq = (select seq from security_head);"
            " update security_event e set hash = security_hash(e)"
            " where seq = (select seq from security_head)"
        ),
    ),
    "the newest security event was lost": (
        "security.head",
        "delete from security_event where seq = (select max(seq) from security_event)",
    ),
    "the head of the security events was lost": (
        "security.head",
        "delete from security_head",
    ),
    "a row of a file was lost": (
        "intake.no_row_is_lost",
        f"delete from source_item where ctid = {A_ROW}",
    ),
    "a row of a file was rewritten": (
        "intake.rows_stay_as_they_came",
        f"update source_item set amount_minor = amount_minor + 1 where ctid = {A_ROW}",
    ),
    "a claim leads nowhere": (
        "intake.claims_lead_to_transactions",
        f"update source_item set transaction_id = gen_random_uuid() where ctid = {A_ROW}",
    ),
    "an imported transaction is claimed by nothing": (
        "intake.imported_transactions_are_claimed",
        f"update source_item set withdrawn = true where ctid = {A_ROW}",
    ),
    "a fact of the bank is booked twice": (
        "intake.a_fact_is_booked_once",
        (
            "update source_item i set fingerprint = o.fingerprint, account_id = o.account_id"
            " from (select fingerprint, account_id from source_item order by ctid limit 1) o"
            " where i.ctid = (select max(ctid) from source_item)"
        ),
    ),
    "an import waits for a job that is not there": (
        "intake.running_imports_have_their_job",
        "update source set state = 'waiting'",
    ),
    "an account was lost under its identifier": (
        REFERENCES,
        "delete from account where id = (select account_id from account_identifier limit 1)",
    ),
    "a file lost its head": (REFERENCES, "delete from source"),
}


@pytest.fixture
async def household(signed_up: Member, works: Works) -> Member:
    """Books with two imported files, a deletion, and a reversal."""
    files = [file for file in bank_files(until=date(2026, 3, 14)) if not file.name.endswith("csv")]
    async with works.for_machine(signed_up.household, cause="test") as work:
        for file in files[:2]:
            await import_file(work, upload=Upload(BytesIO(file.content), file.name), commit=True)
        two = await work.column("select id from transaction where origin = 'import' limit 2")
        await delete_transaction(work, transaction=two[0])
        await reverse_transaction(work, transaction=two[1])
    return signed_up


async def test_a_household_in_order_yields_nothing(
    household: Member, address: DatabaseAddress
) -> None:
    assert household
    assert await verify(address) == []


async def test_every_planted_corruption_is_found_by_its_own_code(
    household: Member, address: DatabaseAddress, server: Server
) -> None:
    assert household
    name = await _name(address)
    connection = await asyncpg.connect(
        server.admin(name), server_settings={"search_path": "solvent"}
    )
    missed: dict[str, list[str]] = {}
    try:
        for corruption, (code, statement) in CORRUPTIONS.items():
            transaction = connection.transaction()
            await transaction.start()
            await connection.execute("set local session_replication_role = replica")
            await connection.execute(statement)
            await connection.execute("set local role solvent_verifier")
            found = {finding.code: finding for finding in await verify_on(connection)}
            await transaction.rollback()
            if code not in found or not found[code].offenders:
                missed[corruption] = sorted(found)
    finally:
        await connection.close()
    assert missed == {}
    assert len(CORRUPTIONS) >= 20


def test_every_invariant_has_a_corruption_that_it_finds() -> None:
    assert {code for code, _ in CORRUPTIONS.values()} == {
        *(invariant.code for invariant in INVARIANTS),
        REFERENCES,
    }


async def test_findings_name_keys_and_never_amounts(
    household: Member, address: DatabaseAddress, server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    connection = await asyncpg.connect(
        server.admin(await _name(address)), server_settings={"search_path": "solvent"}
    )
    await connection.execute("update monthly_sum set amount_minor = 987654321")
    sums = await connection.fetchval("select count(*) from monthly_sum")
    await connection.close()
    (finding,) = await verify(address)
    assert (finding.code, finding.count) == ("ledger.monthly_sums_agree", sums)
    assert len(finding.offenders) == min(sums, 20)
    assert set(finding.offenders[0]) == {"household_id", "account_id", "month", "currency"}
    assert finding.offenders[0]["household_id"] == str(household.household)
    await verify_and_log(address)
    said = capsys.readouterr().err
    assert "ledger.monthly_sums_agree" in said
    assert "987654321" not in said + str(finding)


def test_a_database_without_the_schema_is_refused(server: Server, template: str) -> None:
    assert template  # so that the roles are there
    name = server.empty()
    try:
        with pytest.raises(NotVerifiable, match="solvent migrate"):
            asyncio.run(verify(server.address(name)))
    finally:
        server.drop(name)


async def _name(address: DatabaseAddress) -> str:
    connection = await connect(address.owner, OWNER)
    try:
        return str(await connection.fetchval("select current_database()"))
    finally:
        await connection.close()
