"""PATCH /v1/forms/{form_id}/webhooks/{webhook_id}: change a webhook; the body is merged into it (RFC 7396)."""

from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Body

from pillarbox import forms, webhook_changes, webhooks
from pillarbox.api import Api

api = Api(scope="forms:write")


@api.patch("/v1/forms/<form_id>/webhooks/<webhook_id>")
def update_webhook(form_id: str, webhook_id: str, patch: Annotated[dict[str, Any], Body()]) -> webhooks.Webhook:
    form = forms.get(api.account, form_id, "manager")
    return webhook_changes.change(api.account, form, webhook_id, patch, api.client, origin=api.origin)


handler = api.handler
