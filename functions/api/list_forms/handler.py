"""GET /v1/forms: the forms of the account that asks, page by page."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import BaseModel

from pillarbox import forms
from pillarbox.api import Api

api = Api(scope="forms:read")


class FormList(BaseModel):
    forms: list[forms.ShownForm]
    next_cursor: str | None


@api.get("/v1/forms")
def list_forms(limit: Annotated[int, Query(ge=1, le=100)] = 50, cursor: str | None = None) -> FormList:
    page = forms.listed(api.account, limit=limit, cursor=cursor)
    return FormList(forms=[forms.shown(form, api.origin) for form in page.forms], next_cursor=page.next_cursor)


handler = api.handler
