"""POST /v1/forms/{form_id}/webhooks: make a webhook; its secret is shown this once."""

from http import HTTPStatus

from pillarbox import forms, webhook_changes
from pillarbox.api import Api

api = Api(scope="forms:write")


@api.post("/v1/forms/<form_id>/webhooks")
def create_webhook(form_id: str, wanted: webhook_changes.Wanted) -> tuple[webhook_changes.ShownWebhook, int]:
    form = forms.get(api.account, form_id, "manager")
    made = webhook_changes.create(api.account, form, wanted, api.client, origin=api.origin)
    return made, HTTPStatus.CREATED


handler = api.handler
