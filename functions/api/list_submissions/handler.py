"""GET /v1/forms/{form_id}/submissions: what was sent to a form, folder by folder, newest first, page by page."""

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from pillarbox import api as edge
from pillarbox import forms, submissions

api = edge.Api(scope="submissions:read")


@api.get("/v1/forms/<form_id>/submissions")
def list_submissions(
    form_id: str,
    folder: submissions.Folder = "inbox",
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: str | None = None,
) -> Response[str]:
    form = forms.get(api.account, form_id)
    found = submissions.page(
        form.id, folder, shards=form.shards, retention_days=form.retention_days, limit=limit, cursor=cursor
    )
    return edge.answer(found)


handler = api.handler
