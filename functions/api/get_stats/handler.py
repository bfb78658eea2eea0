"""GET /v1/forms/{form_id}/stats: what came to a form by day, week or month, and what it said, in numbers."""

from pillarbox import forms, insights
from pillarbox.api import Api

api = Api(scope="submissions:read")


@api.get("/v1/forms/<form_id>/stats")
def get_stats(form_id: str, by: insights.By = "day") -> insights.Stats:
    return insights.of(forms.get(api.account, form_id), by)


handler = api.handler
