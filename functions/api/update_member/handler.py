"""PATCH /v1/forms/{form_id}/members/{account_id}: give a member another role."""

from pydantic import BaseModel, ConfigDict

from pillarbox import forms, members
from pillarbox.api import Api
from pillarbox.roles import SharedRole

api = Api(scope="forms:write")


class MemberChange(BaseModel):
    model_config = ConfigDict(extra="forbid")

    role: SharedRole


@api.patch("/v1/forms/<form_id>/members/<account_id>")
def update_member(form_id: str, account_id: str, change: MemberChange) -> members.Member:
    form = forms.get(api.account, form_id, "manager")
    return members.change(api.account, form, account_id, change.role, api.client)


handler = api.handler
