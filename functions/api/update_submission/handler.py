"""PATCH /v1/forms/{form_id}/submissions/{submission_id}: move a submission, mark it, tag it, write a note on it."""

from aws_lambda_powertools.event_handler import Response
from pydantic import BaseModel, ConfigDict

from pillarbox import api as edge
from pillarbox import forms, preconditions, remarks, submissions

api = edge.Api(scope="submissions:write")


class SubmissionChange(BaseModel):
    model_config = ConfigDict(extra="forbid")

    folder: submissions.Folder | None = None
    read: bool | None = None
    tags: remarks.Tags | None = None
    note: remarks.Note | None = None


@api.patch("/v1/forms/<form_id>/submissions/<submission_id>")
def update_submission(form_id: str, submission_id: str, change: SubmissionChange) -> Response[str]:
    form = forms.get(api.account, form_id, "editor")
    with preconditions.held(api.if_match):
        edition = preconditions.seen(api.if_match, lambda: submissions.shown(form.id, submission_id).edition)
        changed = submissions.update(form.id, submission_id, edition=edition, **dict(change))
    return edge.answer(changed, etag=preconditions.etag(changed.edition))


handler = api.handler
