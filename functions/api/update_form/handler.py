"""PATCH /v1/forms/{form_id}: change a form; the body is merged into it (RFC 7396)."""

from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Body

from pillarbox import forms, recipients
from pillarbox.api import Api

api = Api(scope="forms:write")


@api.patch("/v1/forms/<form_id>")
def update_form(form_id: str, patch: Annotated[dict[str, Any], Body()]) -> forms.ShownForm:
    form = forms.update(api.account, form_id, patch)
    if "notify" in patch:
        recipients.ask(api.account, form, origin=api.origin)
    return forms.shown(form, api.origin)


handler = api.handler
