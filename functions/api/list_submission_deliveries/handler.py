"""GET /v1/forms/{form_id}/submissions/{submission_id}/deliveries: whom a submission was told to, and each try."""

from pydantic import BaseModel

from pillarbox import forms, submissions, whereabouts
from pillarbox.api import Api
from pillarbox.deliveries import Delivery

api = Api(scope="submissions:read")


class Deliveries(BaseModel):
    deliveries: list[Delivery]


@api.get("/v1/forms/<form_id>/submissions/<submission_id>/deliveries")
def list_submission_deliveries(form_id: str, submission_id: str) -> Deliveries:
    form = forms.get(api.account, form_id)
    submission = submissions.shown(form.id, submission_id)
    return Deliveries(deliveries=whereabouts.of(form, submission.id))


handler = api.handler
