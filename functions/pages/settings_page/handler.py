"""GET /forms/{form_id}/settings and POST of the same: how a form is set, a part at a time, its logo, deleting it."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pillarbox import form_settings, forms, logos, pages, sessions
from pillarbox.errors import Invalid
from pillarbox.setting_changes import Overtaken

PAGE = pages.Pages(__file__)
PATH = "/forms/{form_id}/settings"


async def show(request: Request) -> Response:
    return _page(request, {}, None)


async def act(request: Request) -> Response:
    account = sessions.signed_in(request.cookies)
    sent, file = await pages.sent_with_file(request, "logo", most=logos.MOST_BYTES)
    form = forms.get(account, request.path_params["form_id"], "manager")
    try:
        done = form_settings.act(form_settings.Asked(account, form, sent, file, pages.origin(request)))
    except (Invalid, Overtaken) as error:
        return _page(request, sent, error)
    return pages.redirect(form_settings.path(form.id, done))


def _page(request: Request, sent: dict[str, str], error: Invalid | Overtaken | None) -> Response:
    account = sessions.signed_in(request.cookies)
    form = forms.get(account, request.path_params["form_id"], "manager")
    asked = request.query_params
    part = form_settings.part_of(asked.get("part"), sent)
    shown = form_settings.page(form, part, sent, error) | {"account": account, "chosen": bool(asked or sent)}
    done = "" if error else form_settings.DONE.get(asked.get("done", ""), "")
    return PAGE.render(request, "page.html", status=error.status if error else 200, **shown, done=done)


handler = PAGE.serve(Route(PATH, show, methods=["GET"]), Route(PATH, act, methods=["POST"]))
