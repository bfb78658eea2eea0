"""A receiver of webhooks on loopback: it notes what it is sent, and answers as it is told to."""

import contextlib
import socket
import ssl
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Call:
    path: str
    headers: dict[str, str]
    body: bytes
    server_name: str | None = None  # what TLS was asked for


@dataclass
class Receiver:
    """`answers` are taken from the front, and the last one again and again: a status, or a name of BEHAVIOURS."""

    answers: list[int | str] = field(default_factory=lambda: [200])
    calls: list[Call] = field(default_factory=list)
    body: bytes = b"thank you"
    url: str = ""
    patience: float = 5  # seconds that the slow ones take, in all

    def next(self) -> int | str:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextlib.contextmanager
def receiving(*answers, tls=None):
    """Run a receiver while the block does."""
    receiver = Receiver(list(answers) or [200])
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(receiver))
    server.daemon_threads = True
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    receiver.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}/hook"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(receiver):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        server_name = None

        def setup(self):
            if isinstance(self.request, ssl.SSLSocket):
                self.request.context.sni_callback = lambda _socket, name, _context: setattr(self, "server_name", name)
                self.request.do_handshake()
            super().setup()

        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.calls.append(Call(self.path, headers, body, self.server_name))
            answer = receiver.next()
            self.close_connection = True
            with contextlib.suppress(OSError):  # the other side hung up, as it should
                if isinstance(answer, str):
                    BEHAVIOURS[answer](self, receiver)
                else:
                    self.plain(answer)

        def plain(self, status, **headers):
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(receiver.body)))
            self.end_headers()
            self.wfile.write(receiver.body)

        def log_message(self, *_):
            """Say nothing: the test does."""

    return Handler


def _wait(seconds):
    threading.Event().wait(seconds)  # and not time.sleep, which runs of faults make short


def _hang(_handler, receiver):
    _wait(receiver.patience)


def _reset(handler, _receiver):
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    handler.connection.close()


def _redirect(handler, receiver):
    handler.plain(302, location=receiver.url.replace("/hook", "/elsewhere"))


def _slowly(handler, receiver):
    handler.send_response(200)
    handler.end_headers()
    for _ in range(int(receiver.patience / 0.05)):
        handler.wfile.write(b".")
        _wait(0.05)


def _slow_head(handler, receiver):
    for letter in b"HTTP/1.1 200 OK\r\nx-slow: " + b"a" * int(receiver.patience / 0.05):
        handler.wfile.write(bytes([letter]))
        _wait(0.05)


def _hugely(handler, _receiver):
    handler.send_response(200)
    handler.end_headers()
    for _ in range(1000):
        handler.wfile.write(b"x" * 100_000)


def _huge_head(handler, _receiver):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 100_000)


def _nonsense(handler, _receiver):
    handler.wfile.write(b"SSH-2.0-OpenSSH_9.9\r\n")


BEHAVIOURS = {
    "hang": _hang,
    "reset": _reset,
    "redirect": _redirect,
    "slowly": _slowly,
    "slow head": _slow_head,
    "hugely": _hugely,
    "huge head": _huge_head,
    "nonsense": _nonsense,
}


def certificate(folder, name):
    """Return a server's TLS context for a name, and a client's that believes it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificate.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cadata=made.public_bytes(serialization.Encoding.PEM).decode())
