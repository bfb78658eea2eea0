"""GET /dashboard: an owner's forms, with what is new in them and what keeps them from their work."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pillarbox import charts, dashboards, guides, pages, sessions, snippets

PAGE = pages.Pages(__file__)


async def show(request: Request) -> Response:
    account = sessions.signed_in(request.cookies)
    asked = request.query_params
    page = asked.get("page", "1")
    overview = dashboards.of(account, q=asked.get("q", "").strip(), page=int(page[:9]) if page.isdecimal() else 1)
    alone = overview.cards[0].form if overview.forms == len(overview.cards) == 1 else None
    guide = guides.of(alone) if alone and alone.role == "owner" else None
    origin, snippet = pages.origin(request), ""
    if guide:
        snippet = snippets.html(f"{origin}/f/{guide.form.id}", guide.form.model_dump(mode="json")["fields"])
    shown = overview._asdict() | {"guide": guide, "snippet": snippet, "sparkline": charts.sparkline}
    return PAGE.render(request, "page.html", account=account, origin=origin, **shown)


handler = PAGE.serve(Route("/dashboard", show, methods=["GET"]))
