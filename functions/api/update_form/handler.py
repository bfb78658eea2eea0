"""PATCH /v1/forms/{form_id}: change a form; the body is merged into it (RFC 7396)."""

from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Body

from pillarbox import forms
from pillarbox.api import Api

api = Api(scope="forms:write")


@api.patch("/v1/forms/<form_id>")
def update_form(form_id: str, patch: Annotated[dict[str, Any], Body()]) -> forms.ShownForm:
    return forms.shown(forms.update(api.account, form_id, patch), api.origin)


handler = api.handler
