"""DELETE /v1/forms/{form_id}/submissions/{submission_id}: delete a submission for good."""

from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from pillarbox import forms, submissions
from pillarbox.api import Api

api = Api(scope="submissions:write")


@api.delete("/v1/forms/<form_id>/submissions/<submission_id>")
def delete_submission(form_id: str, submission_id: str) -> Response[None]:
    form = forms.get(api.account, form_id, "editor")
    submissions.delete(form.id, submission_id)
    return Response(HTTPStatus.NO_CONTENT)


handler = api.handler
