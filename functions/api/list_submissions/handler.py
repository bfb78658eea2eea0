"""GET /v1/forms/{form_id}/submissions: what was sent to a form, folder by folder, newest first; or what is sought."""

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from pillarbox import api as edge
from pillarbox import forms, searching, submissions

api = edge.Api(scope="submissions:read")


@api.get("/v1/forms/<form_id>/submissions")
def list_submissions(  # noqa: PLR0913, PLR0917  each is a parameter of the query
    form_id: str,
    folder: submissions.Folder = "inbox",
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: str | None = None,
    q: searching.Words = "",
    read: bool | None = None,  # noqa: FBT001  as above
    after: searching.Moment | None = None,
    before: searching.Moment | None = None,
    field: searching.Name = "",
    value: searching.Value = "",
    tag: searching.OneTag = "",
) -> Response[str]:
    form = forms.get(api.account, form_id)
    search = searching.sought(q=q, read=read, after=after, before=before, field=field, value=value, tag=tag)
    if not search.is_empty:
        return edge.answer(searching.page(form, folder, search, limit=limit, cursor=cursor))
    kept = form.retention_days
    found = submissions.page(form.id, folder, shards=form.shards, retention_days=kept, limit=limit, cursor=cursor)
    return edge.answer(found)


handler = api.handler
