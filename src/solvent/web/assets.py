"""The built styles, islands and typeface: named by their content, kept by browsers for a year."""

from pathlib import Path

from starlette.responses import FileResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from solvent.web.rendering import DIST, STATIC_URL

FOR_EVER = "public, max-age=31536000, immutable"


class Assets(StaticFiles):
    """Files whose names hold a digest of their content: they never change."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer with a file, to be kept for ever."""
        answer = await super().get_response(path, scope)
        if isinstance(answer, FileResponse):
            answer.headers["cache-control"] = FOR_EVER
        return answer


def mount(dist: Path = DIST) -> Mount:
    """Return the route that serves the built files."""
    return Mount(STATIC_URL.rstrip("/"), Assets(directory=dist), name="assets")
