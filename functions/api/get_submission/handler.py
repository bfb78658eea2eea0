"""GET /v1/forms/{form_id}/submissions/{submission_id}: one submission; its ETag is the edition of its tags and note."""

from aws_lambda_powertools.event_handler import Response

from pillarbox import api as edge
from pillarbox import forms, preconditions, submissions

api = edge.Api(scope="submissions:read")


@api.get("/v1/forms/<form_id>/submissions/<submission_id>")
def get_submission(form_id: str, submission_id: str) -> Response[str]:
    form = forms.get(api.account, form_id)
    found = submissions.shown(form.id, submission_id)
    return edge.answer(found, etag=preconditions.etag(found.edition))


handler = api.handler
