"""DELETE /v1/forms/{form_id}: delete a form, or its version of If-Match only, and all that was sent to it."""

from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from pillarbox import forms, preconditions
from pillarbox.api import Api

api = Api(scope="forms:write")


@api.delete("/v1/forms/<form_id>")
def delete_form(form_id: str) -> Response[None]:
    with preconditions.held(api.if_match):
        seen = preconditions.seen(api.if_match, lambda: forms.get(api.account, form_id, "owner").version)
        forms.delete(api.account, form_id, seen=seen)
    return Response(HTTPStatus.NO_CONTENT)


handler = api.handler
