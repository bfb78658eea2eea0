"""DELETE /v1/forms/{form_id}/members/{account_id}: share a form no longer with somebody; everybody may leave."""

from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from pillarbox import forms, members
from pillarbox.api import Api

api = Api(scope="forms:write")


@api.delete("/v1/forms/<form_id>/members/<account_id>")
def delete_member(form_id: str, account_id: str) -> Response[None]:
    members.remove(api.account, forms.get(api.account, form_id), account_id, api.client)
    return Response(HTTPStatus.NO_CONTENT)


handler = api.handler
