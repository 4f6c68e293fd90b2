"""The log: one clean line for each event, ours and the libraries', with who asked."""

import asyncio
import io
import json
import logging
import logging.config
import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
import structlog

from solvent.runtime import log
from solvent.runtime.settinggroups import LogFormat, LogLevel, LogSettings

JSON_INFO = LogSettings()
CONSOLE = LogSettings(format=LogFormat.CONSOLE)
DEBUG = LogSettings(level=LogLevel.DEBUG)


class Written:
    """What a configured log has written so far."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    def configure(self, settings: LogSettings = JSON_INFO, **always: str) -> None:
        log.configure(settings, stream=self.stream, **always)

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]

    @property
    def only(self) -> dict[str, Any]:
        (line,) = self.lines
        return line


@pytest.fixture
def written() -> Iterator[Written]:
    """Give a log of one's own, and the process's logging back as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    quiet = {name: logging.getLogger(name).level for name in log.QUIET_LIBRARIES}
    before = structlog.get_config()
    yield Written()
    log.clear()
    structlog.configure(**before)
    logging.captureWarnings(capture=False)
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, its_level in quiet.items():
        logging.getLogger(name).setLevel(its_level)


def test_an_event_is_one_json_object_with_time_level_and_standing_facts(written: Written) -> None:
    written.configure(environment="test", release="1.2.3")
    log.logger("ledger").info("account.opened", kind="asset", rows=3)
    line = written.only
    assert line.pop("time").endswith("Z")
    assert line == {
        "level": "info",
        "event": "account.opened",
        "environment": "test",
        "release": "1.2.3",
        "module": "ledger",
        "kind": "asset",
        "rows": 3,
    }


def test_an_event_below_the_level_is_not_written(written: Written) -> None:
    written.configure()
    log.logger("x").debug("cache.asked")
    logging.getLogger("some.library").debug("chatter")
    assert written.text == ""
    written.configure(DEBUG)
    log.logger("x").debug("cache.asked")
    logging.getLogger("some.library").debug("chatter")
    assert [line["event"] for line in written.lines] == ["cache.asked", "chatter"]


def test_a_logger_made_before_follows_what_is_configured_later(written: Written) -> None:
    early = log.logger("x")
    written.configure()
    early.info("thing.happened")
    assert written.only["event"] == "thing.happened"


def test_the_request_stands_on_every_line_of_its_task_and_no_other(written: Written) -> None:
    written.configure()
    household = UUID(int=5)

    async def request(number: int) -> None:
        log.bind_request(f"r{number}", household_id=household)
        await asyncio.sleep(0)
        log.bind(actor=f"person:{number}")
        await asyncio.sleep(0)
        log.logger("x").info("request.finished", number=number)
        logging.getLogger("library").warning("spoke for %s", number)

    async def serve() -> None:
        await asyncio.gather(*(request(number) for number in range(5)))

    asyncio.run(serve())
    assert len(written.lines) == 10
    for line in written.lines:
        number = line.get("number", line["event"].rpartition(" ")[2])
        assert line["request_id"] == f"r{number}"
        assert line["actor"] == f"person:{number}"
        assert line["household_id"] == str(household)


def test_what_was_bound_is_forgotten_when_cleared(written: Written) -> None:
    written.configure()
    log.bind_request("r1")
    log.clear()
    log.logger("x").info("job.finished")
    assert "request_id" not in written.only


def test_secrets_and_peoples_data_never_reach_a_line(written: Written) -> None:
    written.configure()
    log.bind_request("r1", session_token="CANARY-1")
    log.logger("x").info(
        "transaction.added",
        payee="CANARY-2",
        amount_minor=987654,
        facts={"memo": "CANARY-3", "deep": [{"password": "CANARY-4"}]},
        said="Bearer CANARY-5-abcdef",
    )
    logging.getLogger("library").warning("GET https://bank.example/?token=%s", "CANARY-6")
    assert "CANARY" not in written.text
    assert "987654" not in written.text
    assert len(written.lines) == 2


def refuse(note: str) -> None:
    raise ValueError(note)


def fail(secret: str) -> None:
    """Raise with a local variable and a message that hold ``secret``."""
    note = f"password={secret}"
    try:
        refuse(note)
    except ValueError as wrong:
        raise RuntimeError(f"postgresql://app:{secret}@db/x is down") from wrong


@pytest.mark.parametrize("settings", [JSON_INFO, CONSOLE])
def test_an_exception_is_told_by_type_place_and_redacted_words(
    written: Written, settings: LogSettings
) -> None:
    written.configure(settings)
    for speaker in (log.logger("x"), logging.getLogger("library")):
        try:
            fail("CANARY")
        except RuntimeError:
            speaker.exception("thing.failed")
    assert "CANARY" not in written.text
    assert written.text.count("RuntimeError") == 2
    assert written.text.count("ValueError") == 2
    assert written.text.count("postgresql://***@db/x is down") == 2
    assert "test_log.py:" in written.text


def test_the_members_of_a_group_and_the_causes_are_told_a_few_of_them(written: Written) -> None:
    written.configure()
    group = ExceptionGroup("several", [KeyError("k"), *(ValueError(str(n)) for n in range(20))])
    log.logger("x").error("things.failed", exc_info=group)
    told = [told["type"] for told in written.only["exception"]]
    assert told[:2] == ["builtins.ExceptionGroup", "builtins.KeyError"]
    assert len(told) == log.CAUSES_MAX


def test_an_exception_in_a_circle_is_told_once(written: Written) -> None:
    written.configure()
    one, other = ValueError("one"), ValueError("other")
    one.__cause__, other.__cause__ = other, one
    log.logger("x").error("thing.failed", exc_info=one)
    assert [told["message"] for told in written.only["exception"]] == ["one", "other"]


@pytest.mark.parametrize("settings", [JSON_INFO, CONSOLE])
def test_no_text_can_forge_a_line_or_move_the_cursor(
    written: Written, settings: LogSettings
) -> None:
    written.configure(settings)
    evil = 'x\n{"level":"info"}\r\x1b[2J\u2028\udc80'
    log.logger("x").info(evil, shown=evil, **{evil: 1})
    logging.getLogger("library").info(evil)
    assert len(written.text.splitlines()) == 2
    assert written.text.replace("\n", "").isprintable()
    written.text.encode("utf-8")


def test_the_console_shows_one_short_line(written: Written) -> None:
    written.configure(CONSOLE)
    log.logger("x").warning("pool.exhausted", waiting=3, why="no room")
    assert written.text[12:] == ' warning  pool.exhausted module="x" waiting=3 why="no room"\n'


def test_the_web_servers_own_logging_comes_through_ours(written: Written) -> None:
    written.configure()
    logging.config.dictConfig(log.server_logging())
    logging.getLogger("_granian").info("Listening at: %s", "http://127.0.0.1:8800")
    line = written.only
    assert (line["module"], line["event"]) == (
        "_granian",
        "Listening at: http://127.0.0.1:8800",
    )


def test_a_malformed_record_of_a_library_is_named_and_stops_nothing(written: Written) -> None:
    written.configure(CONSOLE)
    logging.getLogger("library").warning("%d rows", "CANARY")
    assert written.text == "record.malformed logger=library\n"


def test_a_log_that_cannot_be_written_stops_nothing(written: Written) -> None:
    written.configure()
    written.stream.close()
    log.logger("x").info("thing.happened")
    logging.getLogger("library").warning("spoke")


def test_before_anything_is_configured_standard_output_stays_clean() -> None:
    program = (
        "from solvent.runtime.log import logger; x = logger('x');"
        "x.info('a.b'); x.warning('c.d', token='CANARY')"
    )
    spoken = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert spoken.stdout == ""
    assert "c.d" in spoken.stderr
    assert "a.b" not in spoken.stderr
    assert "CANARY" not in spoken.stderr
