"""DELETE /v1/tokens/{token_id}: revoke a token at once; it may be the very one that asks."""

from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from pillarbox import tokens
from pillarbox.api import Api

api = Api(scope="account")


@api.delete("/v1/tokens/<token_id>")
def delete_token(token_id: str) -> Response[None]:
    tokens.revoke(api.account, token_id, api.client)
    return Response(HTTPStatus.NO_CONTENT)


handler = api.handler
