"""The cluster: the directory that PostgreSQL keeps the books in, its settings and its roles."""

import os
import pwd
import shutil
import signal
import subprocess
from contextlib import ExitStack
from pathlib import Path

from solvent.runtime.embedded.account import Account, environment
from solvent.runtime.embedded.binaries import settle
from solvent.runtime.embedded.refusals import DataDirVersion, refusal_for

PORT = 5432  # only names the socket: nothing listens on the network
SUPERUSER = "solvent_root"
ROLES = ("solvent_owner", "solvent_app", "solvent_jobs", "solvent_verifier", "solvent_backup")
PROVISION_TIMEOUT_S = 60

_INITDB = (
    f"--username={SUPERUSER}",
    "--auth=peer",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--data-checksums",
    "--set=dynamic_shared_memory_type=mmap",  # initdb only: a crash in it leaves nothing elsewhere
    "--no-sync",  # `settle` does it, once for all files
)
_SETTINGS = """\
# Written by Solvent at each start. Settings of your own: ALTER SYSTEM, as solvent_root.
unix_socket_permissions = 0700
max_connections = 60
shared_buffers = 128MB
wal_level = replica
max_wal_size = 1GB
fsync = on
synchronous_commit = on
full_page_writes = on
random_page_cost = 1.1
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
log_line_prefix = '%m [%p] '
log_checkpoints = off
# What people wrote stays out of the log: no statements, no values, no details.
log_error_verbosity = terse
log_min_error_statement = panic
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
"""
_ACCESS = "local all all peer map=solvent\nlocal replication all peer map=solvent\n"
_PSQL = (
    "--no-psqlrc",
    "--quiet",
    "--set=ON_ERROR_STOP=1",
    f"--port={PORT}",
    f"--username={SUPERUSER}",
    "--dbname=postgres",
)
_PROVISION = f"""
select format('create role %I login nosuperuser nobypassrls nocreatedb nocreaterole', wanted)
  from unnest('{{{",".join(ROLES)}}}'::text[]) wanted
 where not exists (select from pg_roles where rolname = wanted)
\\gexec
select 'create database solvent owner solvent_owner'
 where not exists (select from pg_database where datname = 'solvent')
\\gexec
\\connect solvent
set client_min_messages = warning;
create extension if not exists pg_trgm;
"""


def check_version(data_dir: Path, cluster: Path, wanted: str) -> None:
    """Refuse a ``cluster`` that another major version than ``wanted`` made."""
    made_by = cluster / "PG_VERSION"
    if made_by.exists() and (found := made_by.read_text(encoding="utf-8").strip()) != wanted:
        raise DataDirVersion(data_dir, found=found, wanted=wanted)


def make_cluster(cluster: Path, programs: Path, account: Account, *, keep_open: int) -> None:
    """Make ``cluster`` under a passing name, bring it to the disk, and only then rename it."""
    passing = cluster.with_name(f"{cluster.name}.new")
    shutil.rmtree(passing, ignore_errors=True)
    passing.mkdir(mode=0o700)
    if account.is_another:
        os.chown(passing, account.uid, account.gid)
    with ExitStack() as undo:
        undo.callback(shutil.rmtree, passing, ignore_errors=True)
        initdb = account.spawn(
            [programs / "initdb", *_INITDB, "--pgdata", passing],
            at_parent_death=signal.SIGKILL,
            output=subprocess.PIPE,
            keep_open=keep_open,
        )
        said, _ = initdb.communicate()
        if initdb.returncode != 0:
            raise refusal_for(cluster.parent, said.decode(errors="replace"))
        settle(passing)
        passing.rename(cluster)
        undo.pop_all()
    settle(cluster.parent)


def configure(cluster: Path, account: Account) -> None:
    """Write the settings, and who may connect as which role, where they differ from ours."""
    people = {account.name} | {pwd.getpwuid(uid).pw_name for uid in (os.geteuid(), 0)}
    admitted = (
        f'solvent "{name}" {role}\n' for name in sorted(people) for role in (SUPERUSER, *ROLES)
    )
    files = {
        "postgresql.conf": _SETTINGS,
        "pg_hba.conf": _ACCESS,
        "pg_ident.conf": "".join(admitted),
    }
    for name, text in files.items():
        path = cluster / name
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        # The account owns this folder: a fresh file, never one it may have linked elsewhere.
        passing = cluster / f"{name}.new"
        passing.unlink(missing_ok=True)
        with passing.open("x", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
            os.fchmod(file.fileno(), 0o600)
            if account.is_another:
                os.fchown(file.fileno(), account.uid, account.gid)
        passing.replace(path)


def provision(data_dir: Path, programs: Path, sockets: Path) -> None:
    """Make the roles, the database and its extension where they are missing."""
    try:
        done = subprocess.run(  # noqa: S603 - our own program, no shell
            [programs / "psql", *_PSQL, "--host", sockets],
            input=_PROVISION,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment(),
            cwd="/",
            text=True,
            timeout=PROVISION_TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise refusal_for(data_dir, f"no answer within {PROVISION_TIMEOUT_S} s") from late
    if done.returncode != 0:
        raise refusal_for(data_dir, done.stdout)
