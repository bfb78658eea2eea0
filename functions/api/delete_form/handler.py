"""DELETE /v1/forms/{form_id}: delete a form and all that was sent to it."""

from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from pillarbox import forms
from pillarbox.api import Api

api = Api(scope="forms:write")


@api.delete("/v1/forms/<form_id>")
def delete_form(form_id: str) -> Response[None]:
    forms.delete(api.account, form_id)
    return Response(HTTPStatus.NO_CONTENT)


handler = api.handler
