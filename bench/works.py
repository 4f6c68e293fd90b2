"""The works: each done by Solvent and by its floor, every answer held against the truth."""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from io import BytesIO
from itertools import count, cycle
from pathlib import Path

from bench.floors import parsing
from bench.floors.postgres import BarePostgres
from bench.floors.web import BareWeb
from bench.household import ACCOUNTS, Household, running
from bench.metering import Cost, Meter, tree_cpu_s
from bench.solvent import (
    MOVED_AT_ONCE,
    NET_WORTH,
    NEWEST,
    REPOSITORY,
    SEARCHED,
    SPENDING,
    Books,
    Solvent,
    balances_in,
)
from solvent.intake.formats.reading import Reading
from solvent.intake.formats.registry import reader_for

Measure = Callable[[], Cost | None]


class Works:
    """Both sides, set up for one household; ``pairs`` are what is measured."""

    def __init__(self, household: Household, folder: Path) -> None:
        """Start both sides in ``folder`` and fill the books that the questions are asked of."""
        self._household = household
        self._files = [path.read_bytes() for path in household.csv_files]
        with ExitStack() as undo:
            self._floor = BarePostgres(folder / "floor")
            undo.callback(self._floor.close)
            self._floor.load(household)
            self._web = BareWeb(self._floor.dsn)
            undo.callback(self._web.close)
            (folder / "solvent").mkdir(mode=0o711)
            self._solvent = Solvent(folder / "solvent")
            undo.callback(self._solvent.stop)
            self._fill()
            self._stop_both = undo.pop_all()

    def _fill(self) -> None:
        """Fill the books that the questions are asked of, and hold both sides' answers against it."""
        household = self._household
        self._asked = Books(self._solvent, "asked")
        self._asked.teach()
        self._expect(self._asked.take(self._files), len(household.rows))
        self._filled = self._asked
        self.has_balances = "balances" in self._solvent.command("--help").stdout
        self._check_answers()

    def close(self) -> None:
        """Stop both sides."""
        self._stop_both.close()

    def pairs(self) -> dict[str, tuple[Measure, Measure]]:
        """Return for each work how Solvent does it and how the floor does."""
        return {
            "W1": (self._first_import, self._bare_import),
            "W2": (self._second_import, self._bare_second),
            "W2b": (self._longer_import, self._bare_second),
            "W1l": (self._leisure, lambda: None),
            "W3": (self._question(SPENDING), self._bare(self._floor.ask_spending)),
            "W4": (self._question(NET_WORTH), self._bare(self._floor.ask_moved)),
            "W5": (self._question(SEARCHED), self._bare(self._floor.found)),
            "W3n": (self._anew(SPENDING), self._bare(self._floor.ask_spending)),
            "W4n": (self._anew(NET_WORTH), self._bare(self._floor.ask_moved)),
            "W5n": (self._anew(SEARCHED), self._bare(self._floor.found)),
            "W7": (self._move, self._bare(self._floor.move)),
            "H1": (self._liveness, self._bare_route("/hello")),
            "H2": (self._question(NEWEST), self._bare_route("/newest")),
            "H2n": (self._anew(NEWEST), self._bare_route("/newest")),
            "H3": (self._unchanged, self._bare_route("/newest")),
            "Pcsv": (lambda: self._parse(self._household.csv_files), self._bare_csv),
            "Pofx": (lambda: self._parse(self._household.ofx_files), self._bare_ofx),
            "W6": (self._balances, self._bare_start),
            "W6s": (self._restart, self._bare_start),
        }

    def _check_answers(self) -> None:
        """Hold every answer of both sides against the truth, once."""
        truth, asked, floor = self._household, self._asked, self._floor
        self._expect(asked.sums(), truth.sums())
        for books in (asked.spending(), floor.spending()):
            self._expect(books, truth.spending())
        for books in (asked.balances(), floor.balances(truth)):
            self._expect(books, truth.balances())
        for days in (asked.found(), floor.found()):
            self._expect(days, truth.found())
        self._expect(len(json.loads(asked.ask(NEWEST))["items"]), 50)
        self._expect(len(self._web.newest_amounts()), 50)

    def _first_import(self) -> Cost:
        self._solvent.hang_up()
        self._solvent.log_in()
        self._filled = Books(self._solvent, f"filled {time.monotonic_ns()}")
        return self._import(self._files, len(self._household.rows))

    def _second_import(self) -> Cost:
        return self._import(self._files, 0)

    def _longer_import(self) -> Cost:
        longer = [content + b"\n" * (time.monotonic_ns() % 97 + 1) for content in self._files]
        return self._import(longer, 0)

    def _import(self, files: list[bytes], added: int) -> Cost:
        meter = self._meter()
        cost = meter.once(lambda: self._expect(self._filled.take(files), added))
        self._expect(self._filled.sums(), self._household.sums())
        return cost

    def _question(self, place: str) -> Measure:
        return lambda: self._meter().repeated(lambda: _done(self._asked.ask(place)))

    def _anew(self, place: str) -> Measure:
        """Ask what nothing remembers: each question differs from all before in its last word."""
        mark = "&" if "?" in place else "?"
        number = count(time.monotonic_ns())
        return lambda: self._meter().repeated(
            lambda: _done(self._asked.ask(f"{place}{mark}_={next(number)}"))
        )

    def _move(self) -> Cost:
        meter = self._meter()
        moving = cycle(self._asked.movable(MOVED_AT_ONCE))
        return meter.repeated(lambda: self._asked.move(*next(moving)))

    def _leisure(self) -> Cost | None:
        """Wait for the jobs that an import leaves for later."""
        if not self._solvent.jobs_waiting():
            return None
        meter = self._meter()
        return meter.once(self._solvent.wait_for_jobs)

    def _liveness(self) -> Cost:
        return self._meter().repeated(lambda: _done(self._solvent.get("/health/liveness")))

    def _unchanged(self) -> Cost:
        self._solvent.hang_up()
        path = f"{self._asked.path}/{NEWEST}"
        tag = self._solvent.request("GET", path, None, {})[2]

        def ask() -> None:
            status, _, _ = self._solvent.request("GET", path, None, {"if-none-match": tag})
            self._expect(status, 304)

        return self._meter().repeated(ask)

    def _meter(self) -> Meter:
        meter = Meter(self._solvent.pid, client=False)
        meter.settle()
        self._solvent.hang_up()
        return meter

    def _parse(self, files: list[Path]) -> Cost:
        contents = [(path.name, path.read_bytes()) for path in files]
        truth = len(self._household.rows), sum(row.amount_minor for row in self._household.rows)

        def parse() -> None:
            count = total = 0
            for name, content in contents:
                file = BytesIO(content)
                for batch in reader_for(file, name).read(file, Reading()):
                    count += len(batch)
                    total += sum(row.amount_minor for row in batch)
            self._expect((count, total), truth)

        return Meter(client=True).repeated(parse)

    def _restart(self) -> Cost:
        self._solvent.stop()
        began = time.perf_counter()
        answer = self._solvent.start(f"{self._asked.path}/{NET_WORTH}")
        wall, cpu = time.perf_counter() - began, tree_cpu_s(self._solvent.pid)
        self._expect(len(json.loads(answer)["accounts"]), len(ACCOUNTS))
        return Cost(cpu, wall)

    def _balances(self) -> Cost | None:
        if not self.has_balances:
            return None

        def ask() -> None:
            said = self._solvent.command(
                "balances", "--household", str(self._asked.id), "--by-month", "--json"
            )
            self._expect(balances_in(said.stdout), self._household.balances())

        return _command(self._solvent.pid, ask)

    def _bare_import(self) -> Cost:
        self._floor.empty()
        return self._bare_take(len(self._household.rows))

    def _bare_second(self) -> Cost:
        if not self._floor.has_bank:
            self._bare_import()
        return self._bare_take(0)

    def _bare_take(self, added: int) -> Cost:
        meter = Meter(self._floor.pid, client=True)
        meter.settle()
        cost = meter.once(lambda: self._expect(self._floor.take(self._household), added))
        self._expect(self._floor.held(), (self._household.sums(), len(self._household.rows)))
        return cost

    def _bare(self, ask: Callable[[], object]) -> Measure:
        return lambda: Meter(self._floor.pid, client=True).repeated(lambda: _done(ask()))

    def _bare_route(self, path: str) -> Measure:
        def measure() -> Cost:
            self._web.hang_up()
            meter = Meter(self._web.pid, self._floor.pid, client=False)
            return meter.repeated(lambda: _done(self._web.get(path)))

        return measure

    def _bare_start(self) -> Cost:
        def ask() -> None:
            command = [sys.executable, "-m", "bench.floors.cold", self._floor.dsn]
            said = subprocess.run(command, capture_output=True, check=True, cwd=REPOSITORY).stdout
            moved = {(month, ACCOUNTS[n].name): minor for month, n, minor in json.loads(said)}
            truth = self._household
            self._expect(running(moved, truth.months), truth.balances())

        return _command(self._floor.pid, ask)

    def _bare_csv(self) -> Cost:
        return Meter(client=True).repeated(lambda: _done(parsing.read_csv(self._household)))

    def _bare_ofx(self) -> Cost:
        self._expect(parsing.read_ofx(self._household), parsing.read_csv(self._household))
        return Meter(client=True).repeated(lambda: _done(parsing.read_ofx(self._household)))

    @staticmethod
    def _expect(found: object, wanted: object) -> None:
        """Stop the run on a wrong answer: its cost would mean nothing."""
        if found != wanted:
            raise RuntimeError(f"wrong answer: {str(found)[:300]} instead of {str(wanted)[:300]}")


def _done(_: object) -> None:
    """Take an answer and leave it."""


def _command(server: int, run: Callable[[], None]) -> Cost:
    """Return what a command took, with what it made a server do; only new processes count."""
    cpu, wall = _children_cpu_s() + tree_cpu_s(server), time.perf_counter()
    run()
    wall = time.perf_counter() - wall
    time.sleep(0.1)  # a server's process of an ended connection is counted once it is reaped
    return Cost(_children_cpu_s() + tree_cpu_s(server) - cpu, wall)


def _children_cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
