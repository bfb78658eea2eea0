"""The site as template.yaml routes it, spoken to over HTTP without a network.

`Site` is an httpx transport: it gives a request to the same HTTP API that `make run` serves, whose handlers it calls in
this process.
"""

from urllib.parse import urlsplit

import httpx

from infra.local import lambdas
from infra.local.events import Request
from infra.local.http_api import HttpApi
from infra.local.template import Template

URL = "https://pillarbox.test"
VISITOR_ADDRESS = "192.0.2.1"


class Site(httpx.BaseTransport):
    def __init__(self, template: Template) -> None:
        self._api = HttpApi(template, lambdas.invoke)
        self.address = VISITOR_ADDRESS  # where requests come from

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        body = request.read()
        sent = [(name.decode().lower(), value.decode("latin-1")) for name, value in request.headers.raw]
        sent = [(name, value) for name, value in sent if name != "transfer-encoding"]
        sent += [("x-forwarded-for", self.address), ("x-forwarded-proto", urlsplit(URL).scheme)]
        target = request.url.raw_path.decode("ascii")
        answer = self._api.answer(Request(request.method, target, sent, body, self.address))
        return httpx.Response(answer.status, headers=answer.headers, content=answer.body)
