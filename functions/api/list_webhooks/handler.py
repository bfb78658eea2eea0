"""GET /v1/forms/{form_id}/webhooks: whom a form tells of what comes in."""

from pillarbox import forms, webhook_changes, webhooks
from pillarbox.api import Api

api = Api(scope="forms:read")


@api.get("/v1/forms/<form_id>/webhooks")
def list_webhooks(form_id: str) -> webhooks.Webhooks:
    return webhooks.Webhooks(webhooks=webhook_changes.listed(forms.get(api.account, form_id)))


handler = api.handler
