"""POST /v1/forms/{form_id}/webhooks/{webhook_id}/test: send the newest submission, or a made-up one, as a test."""

from http import HTTPStatus

from pillarbox import deliveries, forms, resending
from pillarbox.api import Api

api = Api(scope="forms:write")


@api.post("/v1/forms/<form_id>/webhooks/<webhook_id>/test")
def test_webhook(form_id: str, webhook_id: str) -> tuple[deliveries.Delivery, int]:
    form = forms.get(api.account, form_id, "manager")
    return resending.try_out(form, webhook_id, origin=api.origin), HTTPStatus.ACCEPTED


handler = api.handler
