"""POST /v1/erasures: delete everything that one e-mail address sent to the account's forms."""

from http import HTTPStatus

from pillarbox import erasures
from pillarbox.api import Api

api = Api(scope="submissions:write")


@api.post("/v1/erasures")
def create_erasure(new: erasures.NewErasure) -> tuple[erasures.Erasure, int]:
    return erasures.ask(api.account, new, api.client), HTTPStatus.ACCEPTED


handler = api.handler
