"""POST /v1/forms/{form_id}/invitations: offer a form to somebody, by mail."""

from http import HTTPStatus

from pillarbox import forms, members
from pillarbox.api import Api

api = Api(scope="forms:write")


@api.post("/v1/forms/<form_id>/invitations")
def create_invitation(form_id: str, new: members.NewInvitation) -> tuple[members.Invitation, int]:
    form = forms.get(api.account, form_id, "manager")
    return members.invite(api.account, form, new, api.client, origin=api.origin), HTTPStatus.CREATED


handler = api.handler
