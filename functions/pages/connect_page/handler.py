"""GET /forms/{form_id}/connect: how pages, programs and forms of other services send to a form."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pillarbox import connections, forms, moves, pages, sessions

PAGE = pages.Pages(__file__)


async def show(request: Request) -> Response:
    account = sessions.signed_in(request.cookies)
    form = forms.get(account, request.path_params["form_id"])
    origin = pages.origin(request)
    ways = connections.ways(origin, form.id, form.model_dump(mode="json")["fields"])
    from_others = moves.moves(origin, form.id)
    embeds = connections.embeds(origin, form.id, form.name)
    return PAGE.render(
        request,
        "page.html",
        account=account,
        form=form,
        url=f"{origin}/f/{form.id}",
        ways=ways,
        embeds=embeds,
        moves=from_others,
    )


handler = PAGE.serve(Route("/forms/{form_id}/connect", show, methods=["GET"]))
