"""POST /v1/accounts: make an account."""

from http import HTTPStatus

from pillarbox import accounts, registration, sign_up
from pillarbox.api import Api

api = Api(scope=None)


class InvitedAccount(registration.NewAccount):
    invitation: str = ""  # the secret of a mailed link, where accounts are made by invitation


@api.post("/v1/accounts")
def create_account(new: InvitedAccount) -> tuple[accounts.Account, int]:
    invited = sign_up.invited(new.invitation)
    return sign_up.account(new, api.client, origin=api.origin, invited=invited), HTTPStatus.CREATED


handler = api.handler
