"""PATCH /v1/forms/{form_id}: merge the body into a form (RFC 7396), or into its version of If-Match only."""

from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body

from pillarbox import forms, preconditions, recipients
from pillarbox.api import JSON, Api

api = Api(scope="forms:write")


@api.patch("/v1/forms/<form_id>")
def update_form(form_id: str, patch: Annotated[dict[str, Any], Body()]) -> Response[forms.ShownForm]:
    with preconditions.held(api.if_match):
        seen = preconditions.seen(api.if_match, lambda: forms.get(api.account, form_id, "manager").version)
        form = forms.update(api.account, form_id, patch, seen=seen)
    if "notify" in patch:
        recipients.ask(api.account, form, origin=api.origin)
    tag = {"etag": preconditions.etag(form.version)}
    return Response(HTTPStatus.OK, JSON, forms.shown(form, api.origin), headers=tag)


handler = api.handler
