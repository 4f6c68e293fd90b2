"""What the handbook tells a program to run works as it stands there."""

import asyncio
import json
import re
import shutil
from pathlib import Path

import httpx2
import pytest

from tests.served import Served

PAGE = Path(__file__).parents[2] / "docs" / "access-tokens.md"


async def ran(command: str, **environment: str) -> dict[str, object]:
    """Run a command of the handbook and return the JSON that it prints."""
    process = await asyncio.create_subprocess_exec(
        "bash", "-c", command, env=environment, stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await process.communicate()
    assert process.returncode == 0, command
    answer: dict[str, object] = json.loads(printed)
    return answer


async def test_the_commands_about_access_tokens_work_as_they_stand(solvent: Served) -> None:
    if shutil.which("curl") is None:
        pytest.fail("curl is missing: run tools/system-packages.sh", pytrace=False)
    make, me, balances = re.findall(r"```sh\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    email, password = solvent.demonstration()
    async with httpx2.AsyncClient(base_url=solvent.url) as client:
        body = {"email": email, "password": password}
        pair = (await client.post("/api/v1/auth/login", json=body)).json()
    known = {"SOLVENT": solvent.url, "PATH": "/usr/bin:/bin"}
    made = await ran(make, ACCESS_TOKEN=pair["access_token"], **known)
    assert (made["name"], made["scopes"]) == ("Evening report", ["books:read"])
    known["TOKEN"] = str(made["token"])
    said = await ran(me, **known)
    households = said["households"]
    assert isinstance(households, list)
    told = await ran(balances, HOUSEHOLD=households[0]["id"], **known)
    assert "identity.token_may_not" not in json.dumps(told)
