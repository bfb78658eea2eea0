"""DELETE /v1/forms/{form_id}/invitations/{invitation_id}: withdraw an offer that waits."""

from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from pillarbox import forms, members
from pillarbox.api import Api

api = Api(scope="forms:write")


@api.delete("/v1/forms/<form_id>/invitations/<invitation_id>")
def delete_invitation(form_id: str, invitation_id: str) -> Response[None]:
    form = forms.get(api.account, form_id, "manager")
    members.withdraw(api.account, form, invitation_id, api.client)
    return Response(HTTPStatus.NO_CONTENT)


handler = api.handler
