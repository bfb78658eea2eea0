"""POST /v1/accounts: make an account."""

from http import HTTPStatus

from pillarbox import accounts, sign_up
from pillarbox.api import Api

api = Api(scope=None)


@api.post("/v1/accounts")
def create_account(new: accounts.NewAccount) -> tuple[accounts.Account, int]:
    return sign_up.account(new, api.client, origin=api.origin), HTTPStatus.CREATED


handler = api.handler
