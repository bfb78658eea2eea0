"""GET /v1/tokens: the tokens of the account that asks, without their secrets."""

from pydantic import BaseModel

from pillarbox import tokens
from pillarbox.api import Api

api = Api(scope="account")


class TokenList(BaseModel):
    tokens: list[tokens.Token]
    next_cursor: None = None  # an account has at most 100: they are all here


@api.get("/v1/tokens")
def list_tokens() -> TokenList:
    return TokenList(tokens=tokens.of(api.account))


handler = api.handler
