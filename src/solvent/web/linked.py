"""Settings, linked accounts: which identities of a provider outside lead to the reader."""

from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from solvent.identity.openid.operations.link_identity import list_links
from solvent.identity.openid.operations.unlink_identity import unlink_identity
from solvent.identity.openid.provider import OpenIdProvider
from solvent.kernel.errors import NotFound
from solvent.runtime.proof import require_recent_proof
from solvent.web.page import CurrentReader, PageRoute, Reader, form_of

PATH = "settings/linked"

router = APIRouter(prefix="/h/{household}/settings", route_class=PageRoute, include_in_schema=False)


@router.get("/linked")
async def get_linked(reader: CurrentReader) -> Response:
    """Show what is linked."""
    return await _page(reader)


@router.post("/linked")
async def post_linked(request: Request, reader: CurrentReader) -> Response:
    """Unlink, or lead on to the provider; both want a recent proof."""
    form = await form_of(request)
    if form.get("do") == "unlink":
        try:
            link = UUID(form.get("link", ""))
        except ValueError as bad:
            raise NotFound("link") from bad
        await unlink_identity(reader.work, link=link)
        return reader.to(PATH)
    require_recent_proof(reader.work)
    # A form's answer may not lead to another origin; a link of the page may.
    following = quote(f"{reader.home}/{PATH}", safe="")
    return await _page(reader, onward=f"/log-in/openid?link=true&next={following}")


async def _page(reader: Reader, onward: str | None = None) -> Response:
    provider: OpenIdProvider | None = reader.request.app.state.openid
    return await reader.page(
        "settings_linked",
        "settings",
        label=None if provider is None else provider.label,
        links=await list_links(reader.work),
        onward=onward,
    )
