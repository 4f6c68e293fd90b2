"""A whole installation, certified by its own command as an operator would."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import asyncpg
import pytest

from tests.database.installations import installed
from tests.database.servers import Server
from tests.served import folder_to_serve

BUILT_PERCENT_MIN = 95
LEFT = "select count(*) from solvent.person where email like '%@certify.invalid'"


async def left_behind(server: Server, database: str) -> int:
    connection = await asyncpg.connect(server.admin(database))
    try:
        return int(await connection.fetchval(LEFT))
    finally:
        await connection.close()


def share(claims: list[dict[str, Any]]) -> tuple[float, list[str]]:
    """Return the percentage of the built claims that are proved, and why others are not.

    What a person attests is left out: no run of a program makes a record of it.
    """
    built = [
        each
        for each in claims
        if not each["reason"].startswith("not built")
        and each["outcome"] != "not applicable"
        and each["kind"] != "attested"
    ]
    opened = [f"{e['id']} {e['outcome']}: {e['reason']}" for e in built if e["outcome"] != "proved"]
    return 100 * (len(built) - len(opened)) / len(built), opened


@pytest.mark.timeout(500)
def test_an_installation_in_order_proves_what_is_built(servers: Callable[[str], Server]) -> None:
    server = servers("debian-15")
    database = server.migrated()
    with folder_to_serve() as folder, installed(server, database, folder) as installation:
        ran = installation.run(
            "certify", "--profile", "full", "--drills", "--out", str(folder / "out"), "--json"
        )
        assert ran.stdout, ran.stderr[-3000:]
        report = json.loads(ran.stdout)
        percent, opened = share(report["claims"])
        print("\n".join(opened))
        assert percent >= BUILT_PERCENT_MIN, opened
        assert not [line for line in opened if " failed: " in line], opened
        assert report["left_behind"] == []
        assert asyncio.run(left_behind(server, database)) == 0
        checked = installation.run("certify", "--check", str(folder / "out/report.json"))
        assert (checked.returncode, "stands" in checked.stdout) == (0, True)
    server.drop(database)
