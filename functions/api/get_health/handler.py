"""GET /health: whether the table can be read."""

from typing import Literal

from pydantic import BaseModel

from pillarbox import table
from pillarbox.api import Api

api = Api(scope=None)


class Health(BaseModel):
    status: Literal["ok"]


@api.get("/health")
def get_health() -> Health:
    table.get(table.key("HEALTH", "HEALTH"))  # 503 by way of Unavailable when the table is out of reach
    return Health(status="ok")


handler = api.handler
