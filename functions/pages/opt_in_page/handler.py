"""GET /f/{form_id}/confirm and POST of the same: whoever sent a form confirms by a mailed link that they did."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pillarbox import answering, languages, pages, visitor_pages

PAGE = pages.Pages(__file__)
PATH = "/f/{form_id}/confirm"


async def show(request: Request) -> Response:
    asked = answering.asked(request.query_params.get("token", ""), request.path_params["form_id"])
    return _page(request, asked, done=False)


async def confirm(request: Request) -> Response:
    sent = await pages.sent(request)
    asked = answering.asked(sent.get("token", ""), request.path_params["form_id"])
    answering.confirm(asked)
    return _page(request, asked, done=True)


def _page(request: Request, asked: answering.Asked, *, done: bool) -> Response:
    language = languages.of(request.scope["aws.event"], asked.form.languages)
    thanks = visitor_pages.thanks(asked.form.thanks.model_dump(), language)
    return PAGE.render(request, "page.html", asked=asked, thanks=thanks, done=done, language=language)


handler = PAGE.serve(Route(PATH, show, methods=["GET"]), Route(PATH, confirm, methods=["POST"]))
