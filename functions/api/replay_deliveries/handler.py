"""POST /v1/forms/{form_id}/webhooks/{webhook_id}/replay: send all again that failed, or those of a span of time."""

from http import HTTPStatus

from pillarbox import forms, resending
from pillarbox.api import Api

api = Api(scope="forms:write")


@api.post("/v1/forms/<form_id>/webhooks/<webhook_id>/replay")
def replay_deliveries(form_id: str, webhook_id: str, which: resending.Replay) -> tuple[resending.Replayed, int]:
    form = forms.get(api.account, form_id, "manager")
    return resending.several(form, webhook_id, which, origin=api.origin), HTTPStatus.ACCEPTED


handler = api.handler
