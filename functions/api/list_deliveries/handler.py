"""GET /v1/forms/{form_id}/webhooks/{webhook_id}/deliveries: what a webhook was sent, and what became of each try."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query

from pillarbox import deliveries, forms, resending
from pillarbox.api import Api

api = Api(scope="submissions:read")


@api.get("/v1/forms/<form_id>/webhooks/<webhook_id>/deliveries")
def list_deliveries(
    form_id: str,
    webhook_id: str,
    state: deliveries.State | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: str | None = None,
) -> resending.Deliveries:
    form = forms.get(api.account, form_id)
    return resending.listed(form, webhook_id, state=state, limit=limit, cursor=cursor)


handler = api.handler
