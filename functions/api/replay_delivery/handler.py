"""POST /v1/forms/{form_id}/webhooks/{webhook_id}/deliveries/{delivery_id}/replay: send a delivery again."""

from http import HTTPStatus

from pillarbox import deliveries, forms, resending
from pillarbox.api import Api

api = Api(scope="forms:write")


@api.post("/v1/forms/<form_id>/webhooks/<webhook_id>/deliveries/<delivery_id>/replay")
def replay_delivery(form_id: str, webhook_id: str, delivery_id: str) -> tuple[deliveries.Delivery, int]:
    form = forms.get(api.account, form_id, "manager")
    return resending.again(form, webhook_id, delivery_id, origin=api.origin), HTTPStatus.ACCEPTED


handler = api.handler
