"""POST /v1/forms/{form_id}/webhooks/{webhook_id}/secret: a new secret, shown this once; for a day both sign."""

from http import HTTPStatus

from pillarbox import forms, webhook_changes
from pillarbox.api import Api

api = Api(scope="forms:write")


@api.post("/v1/forms/<form_id>/webhooks/<webhook_id>/secret")
def rotate_webhook(form_id: str, webhook_id: str) -> tuple[webhook_changes.ShownWebhook, int]:
    form = forms.get(api.account, form_id, "manager")
    return webhook_changes.rotate(api.account, form, webhook_id, api.client), HTTPStatus.CREATED


handler = api.handler
