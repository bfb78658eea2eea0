"""POST /v1/forms: make a form."""

from http import HTTPStatus

from pillarbox import definitions, forms, recipients
from pillarbox.api import Api

api = Api(scope="forms:write")


@api.post("/v1/forms")
def create_form(new: definitions.Definition) -> tuple[forms.ShownForm, int]:
    form = forms.create(api.account, new)
    recipients.ask(api.account, form, origin=api.origin)
    return forms.shown(form, api.origin), HTTPStatus.CREATED


handler = api.handler
