"""GET /forms/{form_id} and POST /forms/{form_id}: the inbox of a form, what is new in it, moving what lies in it."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pillarbox import forms, guides, inboxes, lists, pages, sessions, snippets, triage

PAGE = pages.Pages(__file__)
PATH = "/forms/{form_id}"


async def show(request: Request) -> Response:
    account = sessions.signed_in(request.cookies)
    form = forms.get(account, request.path_params["form_id"])
    query = request.query_params
    if "since" in query:  # a script of ours asks, while the page is looked at
        return PAGE.render(request, "arrived.html", form=form, arrived=inboxes.arrived(form, query["since"]))
    shown = lists.of(form, lists.folder(query.get("folder")), query)
    origin = pages.origin(request)
    beside = inboxes.beside(account, form, shown, done=query.get("done")) | {"origin": origin}
    beside["snippet"] = snippets.html(f"{origin}/f/{form.id}", form.model_dump(mode="json")["fields"])
    beside["guide"] = guides.of(form) if beside["is_young"] and form.role == "owner" else None
    return PAGE.render(request, "page.html", **beside)


async def act(request: Request) -> Response:
    account = sessions.signed_in(request.cookies)
    sent = await pages.sent(request)
    form = forms.get(account, request.path_params["form_id"], "editor")
    shown = lists.of(form, lists.folder(request.query_params.get("folder")), request.query_params)
    if sent.get("do") == "delete" and "sure" not in sent:
        return PAGE.render(request, "sure.html", account=account, form=form, list=shown, picked=triage.picked(sent))
    return pages.redirect(triage.act(account, form, shown, sent))


handler = PAGE.serve(Route(PATH, show, methods=["GET"]), Route(PATH, act, methods=["POST"]))
