"""GET /account and POST /account: an owner's profile, and changing username, e-mail address and password."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pillarbox import pages, profiles, sessions, settings
from pillarbox.errors import Invalid, Taken, TooOften

PAGE = pages.Pages(__file__)


async def show(request: Request) -> Response:
    return _page(request, {}, {}, 200)


async def change(request: Request) -> Response:
    session, account = sessions.current(request.cookies)
    sent = await pages.sent(request)
    try:
        done = profiles.act(profiles.Asked(session, account, sent, pages.client(request), pages.origin(request)))
    except (Invalid, Taken) as error:
        return _page(request, sent, pages.by_field(error), error.status)
    except TooOften as error:
        field = what if (what := sent.get("do")) in {"username", "email"} else "old"
        return pages.refused(_page(request, sent, {field: str(error)}, error.status), error)
    return pages.redirect(f"/account?done={done}")


def _page(request: Request, typed: dict[str, str], errors: dict[str, str], status: int) -> Response:
    session, account = sessions.current(request.cookies)
    done = profiles.DONE.get(request.query_params.get("done", ""), "") if not errors else ""
    shown = {"session": session, "account": account, "sends_mail": settings.sends_mail(), "done": done}
    return PAGE.render(request, "page.html", status=status, typed=typed, errors=errors, **shown)


handler = PAGE.serve(Route("/account", show, methods=["GET"]), Route("/account", change, methods=["POST"]))
