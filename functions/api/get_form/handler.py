"""GET /v1/forms/{form_id}: one form; its ETag is its version."""

from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from pillarbox import forms, preconditions
from pillarbox.api import JSON, Api

api = Api(scope="forms:read")


@api.get("/v1/forms/<form_id>")
def get_form(form_id: str) -> Response[forms.ShownForm]:
    form = forms.get(api.account, form_id)
    tag = {"etag": preconditions.etag(form.version)}
    return Response(HTTPStatus.OK, JSON, forms.shown(form, api.origin), headers=tag)


handler = api.handler
