"""GET /v1/erasures/{erasure_id}: the receipt of an erasure: how far it is, and what was deleted."""

from pillarbox import erasures
from pillarbox.api import Api

api = Api(scope="submissions:read")


@api.get("/v1/erasures/<erasure_id>")
def get_erasure(erasure_id: str) -> erasures.Erasure:
    return erasures.get(api.account, erasure_id)


handler = api.handler
