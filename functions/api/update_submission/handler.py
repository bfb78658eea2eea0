"""PATCH /v1/forms/{form_id}/submissions/{submission_id}: move a submission, or mark it read or unread."""

from aws_lambda_powertools.event_handler import Response
from pydantic import BaseModel, ConfigDict

from pillarbox import api as edge
from pillarbox import forms, submissions

api = edge.Api(scope="submissions:write")


class SubmissionChange(BaseModel):
    model_config = ConfigDict(extra="forbid")

    folder: submissions.Folder | None = None
    read: bool | None = None


@api.patch("/v1/forms/<form_id>/submissions/<submission_id>")
def update_submission(form_id: str, submission_id: str, change: SubmissionChange) -> Response[str]:
    form = forms.get(api.account, form_id, "editor")
    return edge.answer(submissions.update(form.id, submission_id, folder=change.folder, read=change.read))


handler = api.handler
