"""POST /v1/forms/{form_id}/deliveries/{delivery_id}/replay: send a delivery again."""

from http import HTTPStatus

from pillarbox import forms, whereabouts
from pillarbox.api import Api
from pillarbox.deliveries import Delivery

api = Api(scope="submissions:write")


@api.post("/v1/forms/<form_id>/deliveries/<delivery_id>/replay")
def resend_delivery(form_id: str, delivery_id: str) -> tuple[Delivery, int]:
    form = forms.get(api.account, form_id, "editor")
    return whereabouts.send_again(form, delivery_id, origin=api.origin), HTTPStatus.ACCEPTED


handler = api.handler
