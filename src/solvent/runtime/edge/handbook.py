"""The page of the API: every operation of the OpenAPI document, as plain HTML without scripts."""

from html import escape
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

OPENAPI_PATH = "/api/openapi.json"
STYLE_PATH = "/api/docs.css"
METHODS = ("get", "post", "put", "patch", "delete")

STYLE = """\
body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem;
       color-scheme: light dark; }
code { font-family: ui-monospace, monospace; }
summary { cursor: pointer; padding: .35rem 0; }
summary b { display: inline-block; min-width: 4.5rem; text-transform: uppercase; }
details { border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent); }
th, td { text-align: start; vertical-align: top; padding: .1rem 1rem .1rem 0; }
"""

router = APIRouter(include_in_schema=False)


@router.get("/api/docs")
async def get_handbook(request: Request) -> HTMLResponse:
    """Show every operation."""
    return HTMLResponse(page(request.app.openapi()))


@router.get(STYLE_PATH)
async def get_style() -> Response:
    """Serve the page's style: the policy for content lets none stand in the page."""
    return Response(STYLE, media_type="text/css", headers={"cache-control": "public, max-age=3600"})


def page(openapi: dict[str, Any]) -> str:
    """Render the OpenAPI document as one page."""
    title = escape(f"{openapi['info']['title']} {openapi['info']['version']}")
    groups: dict[str, list[str]] = {}
    for path, methods in openapi["paths"].items():
        for method in METHODS:
            if operation := methods.get(method):
                tag = str((operation.get("tags") or ["other"])[0])
                groups.setdefault(tag, []).append(_operation(method, path, operation))
    parts = [f"<h2>{escape(tag)}</h2>{''.join(groups[tag])}" for tag in sorted(groups)]
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="stylesheet" href="{STYLE_PATH}"></head><body><main><h1>{title}</h1>'
        f'<p>The same as a document for programs: <a href="{OPENAPI_PATH}">{OPENAPI_PATH}</a>.'
        f"</p>{''.join(parts)}</main></body></html>"
    )


def _operation(method: str, path: str, operation: dict[str, Any]) -> str:
    parameters = "".join(
        f"<tr><td><code>{escape(each['name'])}</code></td><td>{escape(each['in'])}</td>"
        f"<td>{'required' if each.get('required') else 'optional'}</td></tr>"
        for each in operation.get("parameters", ())
    )
    answers = "".join(
        f"<tr><td><code>{escape(status)}</code></td><td>{escape(answer['description'])}</td></tr>"
        for status, answer in operation["responses"].items()
    )
    return (
        f"<details><summary><b>{method}</b> <code>{escape(path)}</code> "
        f"{escape(operation.get('summary', ''))}</summary>"
        f"<p>{escape(operation.get('description', ''))}</p>"
        f"<table>{parameters}{answers}</table></details>"
    )
