"""``solvent worker``: do the jobs, beside whatever serves."""

from solvent.entrypoints.cli.answers import DONE
from solvent.entrypoints.cli.options import DataDir
from solvent.entrypoints.databases import database_at, run
from solvent.entrypoints.installation import place_of, prepare, settings_of
from solvent.entrypoints.working import work_jobs
from solvent.runtime.log import configure


def worker(*, data_dir: DataDir = None) -> int:
    """Do jobs until SIGTERM; several workers share them."""
    settings = settings_of({} if data_dir is None else {"SOLVENT_DATA_DIR": str(data_dir)})
    configure(settings.log)
    with database_at(place_of(settings), make=True) as address:
        run(prepare(address, guarded=settings.env.is_guarded))
        run(work_jobs(settings, address))
    return DONE
