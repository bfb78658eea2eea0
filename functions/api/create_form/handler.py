"""POST /v1/forms: make a form."""

from http import HTTPStatus

from pillarbox import forms
from pillarbox.api import Api

api = Api(scope="forms:write")


@api.post("/v1/forms")
def create_form(new: forms.Definition) -> tuple[forms.ShownForm, int]:
    return forms.shown(forms.create(api.account, new), api.origin), HTTPStatus.CREATED


handler = api.handler
