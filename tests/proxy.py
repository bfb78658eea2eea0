"""A proxy in front of the local engine that counts what passes, and answers chosen operations with faults."""

import http.client
import json
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

THROTTLE = (400, "ProvisionedThroughputExceededException")
BROKEN = (500, "InternalServerError")
REFUSED = (400, "AccessDeniedException")
NONE = (200, "")
LOST = (0, "")  # the engine does it, and the answer never comes


class Faults:
    def __init__(self, engine_url: str) -> None:
        self.calls: Counter[str] = Counter()  # by operation, those that got a fault too
        self._next: dict[str, list[tuple[int, str]]] = {}  # faults to come, by operation
        self.engine = urlsplit(engine_url).netloc
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def answer(self, operation: str, fault: tuple[int, str], *, times: int = 1000) -> None:
        self._next[operation] = [fault] * times

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        faults = self
        lock = threading.Lock()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self) -> None:
                super().setup()
                self.engine = http.client.HTTPConnection(faults.engine, timeout=10)

            def finish(self) -> None:
                super().finish()
                self.engine.close()

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                operation = self.headers["x-amz-target"].partition(".")[2]
                with lock:
                    faults.calls[operation] += 1
                    coming = faults._next.get(operation)
                    status, kind = coming.pop() if coming else NONE
                if kind:
                    self.reply(status, json.dumps({"__type": f"com.amazonaws#{kind}"}).encode())
                    return
                answer = self.forward(body)
                if (status, kind) == LOST:
                    self.close_connection = True
                else:
                    self.reply(*answer)

            def forward(self, body: bytes) -> tuple[int, bytes]:
                self.engine.request("POST", "/", body, dict(self.headers))
                answer = self.engine.getresponse()
                return answer.status, answer.read()

            def reply(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing: the test does."""

        return Handler
