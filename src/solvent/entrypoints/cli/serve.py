"""``solvent serve``: migrate, serve, and stop in order."""

from solvent.entrypoints.cli.answers import DONE
from solvent.entrypoints.cli.options import DataDir
from solvent.entrypoints.databases import run
from solvent.entrypoints.demonstration.household import EMAIL, PASSWORD_FILE, seed
from solvent.entrypoints.installation import data_dir_of, prepare, settings_of
from solvent.entrypoints.serving import Serving, check_port
from solvent.runtime.log import configure


def serve(
    *,
    host: str | None = None,
    port: int | None = None,
    workers: int | None = None,
    data_dir: DataDir = None,
    no_jobs: bool = False,
    demo: bool = False,
) -> int:
    """Serve the installation until SIGTERM.

    Parameters
    ----------
    host
        Address to listen on.
    port
        Port to listen on.
    workers
        How many web processes; more than one demands Redis in production.
    no_jobs
        Leave the jobs to ``solvent worker``.
    demo
        Make the demonstration household first, unless it is there.
    """
    given = {
        "SOLVENT_HTTP_HOST": host,
        "SOLVENT_HTTP_PORT": port,
        "SOLVENT_HTTP_WORKERS": workers,
        "SOLVENT_DATA_DIR": data_dir,
    }
    settings = settings_of({name: str(said) for name, said in given.items() if said is not None})
    configure(settings.log)
    check_port(settings)
    serving = Serving(settings)
    with serving.database() as address:
        run(prepare(address, guarded=settings.env.is_guarded))
        if demo:
            made = run(seed(settings, address))
            kept = data_dir_of(settings) / PASSWORD_FILE
            said = f"with the password {made}" if made else f"with the password in {kept}"
            print(f"The demonstration household: log in as {EMAIL} {said}", flush=True)
        serving.run(address, jobs=not no_jobs)
    return DONE
