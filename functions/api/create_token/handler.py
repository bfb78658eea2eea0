"""POST /v1/tokens: sign a program in, by name and password; the token is shown this once."""

from http import HTTPStatus

from pillarbox import sign_in, tokens
from pillarbox.api import Api

api = Api(scope=None)


@api.post("/v1/tokens")
def create_token(new: tokens.NewToken) -> tuple[tokens.ShownToken, int]:
    account = sign_in.by_password(new.username, new.password, api.client)
    sign_in.by_code(account, new.code, api.client)
    return tokens.issue(account, new, api.client, origin=api.origin), HTTPStatus.CREATED


handler = api.handler
