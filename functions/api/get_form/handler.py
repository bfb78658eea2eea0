"""GET /v1/forms/{form_id}: one form."""

from pillarbox import forms
from pillarbox.api import Api

api = Api(scope="forms:read")


@api.get("/v1/forms/<form_id>")
def get_form(form_id: str) -> forms.ShownForm:
    return forms.shown(forms.get(api.account, form_id), api.origin)


handler = api.handler
