"""DELETE /v1/forms/{form_id}/webhooks/{webhook_id}: tell somebody no more."""

from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from pillarbox import forms, webhook_changes
from pillarbox.api import Api

api = Api(scope="forms:write")


@api.delete("/v1/forms/<form_id>/webhooks/<webhook_id>")
def delete_webhook(form_id: str, webhook_id: str) -> Response[None]:
    form = forms.get(api.account, form_id, "manager")
    webhook_changes.delete(api.account, form, webhook_id, api.client)
    return Response(HTTPStatus.NO_CONTENT)


handler = api.handler
