"""GET /reset-password and POST /reset-password: mail a link to whoever forgot their password, which sets a new one."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pillarbox import attempts, mails, pages, rates, settings, verification
from pillarbox.errors import Invalid

PAGE = pages.Pages(__file__)


async def show(request: Request) -> Response:
    secret = request.query_params.get("token")
    link = verification.read(secret, "reset-password") if secret is not None else None
    return _page(request, "new" if link else "ask", link=link)


async def reset(request: Request) -> Response:
    sent, client = await pages.sent(request), pages.client(request)
    if "token" not in sent:
        attempts.take("reset-address", rates.network(client.address))
        mails.send("reset-password", origin=pages.origin(request), name=sent.get("username", "").strip()[:254])
        return _page(request, "sent")
    link = verification.read(sent["token"], "reset-password")
    try:
        verification.reset(link, sent.get("password", ""), client, origin=pages.origin(request))
    except Invalid as error:
        return _page(request, "new", status=error.status, link=link, errors=pages.by_field(error))
    return _page(request, "done", link=link)


def _page(request: Request, step: str, *, status: int = 200, **shown: object) -> Response:
    shown = {"link": None, "errors": {}, "sends_mail": settings.sends_mail()} | shown
    return PAGE.render(request, "page.html", status=status, step=step, **shown)


PATH = "/reset-password"
handler = PAGE.serve(Route(PATH, show, methods=["GET"]), Route(PATH, reset, methods=["POST"]))
