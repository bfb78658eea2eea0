"""GET /forms/{form_id}/insights: what came to a form over time, and what it said, in charts."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pillarbox import forms, insight_words, insights, pages, sessions

PAGE = pages.Pages(__file__)


async def show(request: Request) -> Response:
    account = sessions.signed_in(request.cookies)
    form = forms.get(account, request.path_params["form_id"])
    stats = insights.of(form, insight_words.period(request.query_params.get("by")))
    url = f"{pages.origin(request)}/f/{form.id}"
    return PAGE.render(request, "page.html", account=account, form=form, url=url, **insight_words.of(form, stats))


handler = PAGE.serve(Route("/forms/{form_id}/insights", show, methods=["GET"]))
