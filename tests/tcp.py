"""The local gateway on a port of its own, for tests of what only a real connection shows."""

import socket
import threading
from contextlib import contextmanager

from infra.local import gateway
from infra.local.gateway import Gateway


@contextmanager
def serving(api):
    """Serve the HTTP API while the block runs; its address is given."""
    app = Gateway(api)
    server = gateway.server(app)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
            app.close()
