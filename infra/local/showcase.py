"""All components in every state: `/_local/components`, for designers and for the test that looks at them.

`?dir=rtl` lays the page from right to left. Only on a laptop.
"""

import runpy
from pathlib import Path

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined

from infra.local.events import Request, Response
from infra.local.template import ROOT

LAYER = ROOT / "layers" / "core" / "pillarbox"
HERE = Path(__file__).parent
GUARDED = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'"


def answer(request: Request) -> Response | None:
    """Return the page or its sheet, or None when the request is for something else."""
    if request.method not in {"GET", "HEAD"}:
        return None
    if request.raw_path == "/_local/components":
        return _response("text/html; charset=utf-8", _page(rtl="dir=rtl" in request.raw_query).encode())
    if request.raw_path == "/_local/components.css":
        return _response("text/css; charset=utf-8", (HERE / "showcase.css").read_bytes())
    return None


def _page(*, rtl: bool) -> str:
    # Made anew each time, so that a designer's change shows on reload. The layer isn't on this process's path.
    environment = Environment(
        loader=ChoiceLoader([FileSystemLoader(HERE), FileSystemLoader(LAYER / "templates")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["static"] = "/static/{}".format
    runpy.run_path(str(LAYER / "components.py"))["into"](environment)
    return environment.get_template("showcase.html").render(rtl=rtl)


def _response(kind: str, body: bytes) -> Response:
    headers = [("content-type", kind), ("content-security-policy", GUARDED), ("cache-control", "no-store")]
    return Response(200, headers, body, "showcase")
