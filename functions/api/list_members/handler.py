"""GET /v1/forms/{form_id}/members: who a form is shared with, and whom it was offered to."""

from pillarbox import forms, members
from pillarbox.api import Api

api = Api(scope="forms:read")


@api.get("/v1/forms/<form_id>/members")
def list_members(form_id: str) -> members.Sharing:
    return members.of(forms.get(api.account, form_id))


handler = api.handler
