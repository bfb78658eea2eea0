"""POST /v1/accounts: make an account."""

from http import HTTPStatus

from pillarbox import accounts
from pillarbox.api import Api

api = Api(scope=None)


@api.post("/v1/accounts")
def create_account(new: accounts.NewAccount) -> tuple[accounts.Account, int]:
    return accounts.create(new), HTTPStatus.CREATED


handler = api.handler
