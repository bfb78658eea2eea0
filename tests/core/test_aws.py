import datetime as dt
import json
import socket
import ssl
import threading
import time
import zlib
from contextlib import contextmanager, suppress
from ipaddress import ip_address

import pytest
from botocore import auth as botocore_auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given
from hypothesis import strategies as st

from pillarbox import aws, errors

SAID = {"Item": {"pk": {"S": "FORM#x"}}}


def answer(body=SAID, *, status=200, crc=None, length=None, extra=""):
    payload = body if isinstance(body, bytes) else json.dumps(body).encode()
    crc = zlib.crc32(payload) if crc is None else crc
    head = f"HTTP/1.1 {status} X\r\nx-amz-crc32: {crc}\r\n{extra}content-length: {length or len(payload)}\r\n\r\n"
    return head.encode() + payload


def refusal(kind, status=400):
    return answer({"__type": f"com.amazonaws.dynamodb.v20120810#{kind}", "message": "why"}, status=status)


class Hangs:
    """Take the request and say nothing."""


class Resets:
    """Close the connection once the request has come."""


class Server:
    """A service on loopback that does what its script says, request by request."""

    def __init__(self, *script, certificate=None):
        self.tls = certificate and ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        if self.tls:
            self.tls.load_cert_chain(certificate)
        self.script = list(script)
        self.requests: list[bytes] = []
        self.connections: list[socket.socket] = []
        self.done = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.threads = [threading.Thread(target=self._listen)]
        self.threads[0].start()

    @property
    def url(self):
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.listener.getsockname()[1]}"

    def stop(self):
        self.done.set()
        for end in (self.listener, *self.connections):
            with suppress(OSError):  # it has ended already
                end.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for thread in self.threads:
            thread.join()

    def _listen(self):
        while not self.done.is_set():
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections.append(connection)
            self.threads.append(threading.Thread(target=self._serve, args=(connection,)))
            self.threads[-1].start()

    def _serve(self, connection):
        if self.tls:
            try:
                connection = self.tls.wrap_socket(connection, server_side=True)
            except OSError:  # who connected has thought better of it
                return
        with connection, connection.makefile("rb") as sent:
            while request := self._read(sent):
                self.requests.append(request)
                step = self.script.pop(0)
                if step is Hangs:
                    self.done.wait()
                    return
                if step is Resets:
                    return
                connection.sendall(step)
                if b"content-length: 9999" in step or b"connection: close" in step:
                    return

    def _read(self, sent):
        lines, length = [], 0
        while line := sent.readline().strip():
            lines.append(line)
            if line.lower().startswith(b"content-length:"):
                length = int(line.partition(b":")[2])
        return b"\n".join(lines) + b"\n\n" + sent.read(length) if lines else b""


@pytest.fixture
def serve(monkeypatch):
    """Start a server with a script, and point the client at it over a connection of its own."""
    servers = []
    vars(aws.connections).clear()
    monkeypatch.setattr(aws, "PAUSE_SECONDS", 0.001)

    def start(*script, **options):
        servers.append(Server(*script, **options))
        monkeypatch.setenv("AWS_ENDPOINT_URL", servers[-1].url)
        return servers[-1]

    yield start
    vars(aws.connections).clear()
    for server in servers:
        server.stop()


def get(*, seconds=5.0):
    return aws.call("dynamodb", "GetItem", {"TableName": "t"}, until=time.monotonic() + seconds)


def test_a_call_is_one_signed_request(serve):
    server = serve(answer())
    assert get() == SAID
    head, _, body = server.requests[0].decode().partition("\n\n")
    assert head.startswith("POST / HTTP/1.1\n")
    assert "x-amz-target: DynamoDB_20120810.GetItem" in head
    assert json.loads(body) == {"TableName": "t"}


def test_the_connection_is_kept_for_the_next_call(serve):
    server = serve(answer(), answer(), answer())
    assert [get(), get(), get()] == [SAID] * 3
    assert len(server.connections) == 1


def test_lambda_connects_before_the_first_call(serve, monkeypatch):
    server = serve(answer())
    monkeypatch.setenv("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001")
    aws.prepare("dynamodb")
    assert server.requests == []
    assert get() == SAID
    assert len(server.connections) == 1


def test_lambda_starts_though_the_service_is_out_of_reach(serve, monkeypatch):
    serve().stop()
    monkeypatch.setenv("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001")
    aws.prepare("dynamodb")
    assert vars(aws.connections) == {}


def test_elsewhere_nothing_is_connected_before_it_is_needed(serve, monkeypatch):
    serve()
    monkeypatch.delenv("AWS_LAMBDA_RUNTIME_API", raising=False)
    aws.prepare("dynamodb")
    assert vars(aws.connections) == {}


def test_each_thread_has_a_connection_of_its_own(serve):
    server = serve(answer(), answer())
    get()
    other = threading.Thread(target=get)
    other.start()
    other.join()
    assert len(server.connections) == 2


def test_a_connection_that_the_service_closes_is_not_used_again(serve):
    server = serve(answer(extra="connection: close\r\n"), answer())
    assert [get(), get()] == [SAID] * 2
    assert len(server.connections) == 2


def test_a_kept_connection_that_has_died_is_replaced_at_once_and_costs_no_attempt(serve, monkeypatch):
    monkeypatch.setattr(aws, "ATTEMPTS", 1)
    server = serve(answer(), Resets, answer())
    assert [get(), get()] == [SAID] * 2
    assert len(server.requests) == 3
    assert len(server.connections) == 2


def test_a_kept_connection_that_was_closed_while_it_lay_idle_is_replaced(serve, monkeypatch):
    monkeypatch.setattr(aws, "ATTEMPTS", 1)
    server = serve(answer(), answer())
    get()
    kept = next(iter(vars(aws.connections).values()))
    kept.socket.shutdown(socket.SHUT_RDWR)
    assert get() == SAID
    assert len(server.connections) == 2


PASSING = {
    "a new connection is reset": Resets,
    "no answer in time": Hangs,
    "a wrong checksum": answer(crc=1),
    "a body cut short": answer(length=9999),
    "an answer that is no JSON": answer(b"<html>"),
    "an answer that is no HTTP": b"nonsense\r\n\r\n",
    "an answer without its length": b"HTTP/1.1 200 OK\r\n\r\n{}",
    "a checksum that is no number": answer(crc="x"),
    "500": refusal("InternalServerError", 500),
    "503": answer({}, status=503),
    "the table's throttle": refusal("ProvisionedThroughputExceededException"),
    "the account's throttle": refusal("RequestLimitExceeded"),
    "a throttle": refusal("ThrottlingException"),
}
THROTTLES = [fault for name, fault in PASSING.items() if name.endswith("throttle")]


@pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING)
def test_what_passes_is_tried_again(fault, serve, monkeypatch):
    monkeypatch.setattr(aws, "READ_SECONDS", 0.1)
    server = serve(fault, fault, answer())
    assert get() == SAID
    assert len(server.requests) == 3


@pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING)
def test_what_stays_is_tried_three_times_and_then_said(fault, serve, monkeypatch):
    monkeypatch.setattr(aws, "READ_SECONDS", 0.1)
    server = serve(fault, fault, fault, answer())
    with pytest.raises(errors.Unavailable) as failed:
        get()
    assert len(server.requests) == 3
    assert isinstance(failed.value, aws.Throttled) == (fault in THROTTLES)


def test_nobody_listening_is_out_of_reach(serve):
    serve().stop()
    with pytest.raises(aws.OutOfReach):
        get()


@pytest.mark.parametrize("kind", ["ValidationException", "AccessDeniedException"])
def test_a_no_that_stays_a_no_is_not_tried_again(kind, serve):
    server = serve(refusal(kind))
    with pytest.raises(aws.Rejected, match=f"dynamodb answered 400: {kind}: why"):
        get()
    assert len(server.requests) == 1


def test_a_condition_that_does_not_hold_is_told_apart(serve):
    server = serve(refusal("ConditionalCheckFailedException"))
    with pytest.raises(aws.ConditionFailed) as failed:
        get()
    assert failed.value.failed == [True]
    assert len(server.requests) == 1


def cancelled(*reasons):
    said = {"__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException", "message": "why"}
    return answer(said | {"CancellationReasons": [{"Code": reason} for reason in reasons]}, status=400)


def test_a_transaction_tells_which_of_its_conditions_do_not_hold(serve):
    server = serve(cancelled("None", "ConditionalCheckFailed", "TransactionConflict"))
    with pytest.raises(aws.ConditionFailed) as failed:
        get()
    assert failed.value.failed == [False, True, False]
    assert len(server.requests) == 1


@pytest.mark.parametrize("reason", ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"])
def test_a_transaction_that_met_another_or_was_throttled_is_tried_again(reason, serve):
    serve(cancelled("None", reason), answer())
    assert get() == SAID


def test_a_transaction_that_can_never_pass_is_not_tried_again(serve):
    server = serve(cancelled("None", "ValidationError"))
    with pytest.raises(aws.Rejected):
        get()
    assert len(server.requests) == 1


def test_nothing_is_waited_for_past_the_deadline(serve):
    server = serve(Hangs, answer())
    began = time.monotonic()
    with pytest.raises(aws.OutOfReach):
        get(seconds=0.2)
    assert 0.2 <= time.monotonic() - began < 2
    assert len(server.requests) == 1


def test_the_pauses_grow_and_are_of_random_length(serve, monkeypatch):
    pauses: list[float] = []
    monkeypatch.setattr(aws, "PAUSE_SECONDS", 0.05)
    monkeypatch.setattr(time, "sleep", pauses.append)
    throttle = refusal("ThrottlingException")
    serve(*[throttle] * 60)
    for _ in range(20):
        with pytest.raises(aws.Throttled):
            get()
    first, second = pauses[::2], pauses[1::2]
    assert len(set(pauses)) > 30
    assert 0 <= min(first) < max(first) <= 0.05 < max(second) <= 0.1


def test_without_an_endpoint_url_it_is_the_regions_own(monkeypatch):
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    assert aws.endpoint("sqs") == ("https", "sqs.eu-central-1.amazonaws.com")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for 127.0.0.1 that nobody knows, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "loopback")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "certificate.pem"
    unlocked = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(made.public_bytes(Encoding.PEM) + unlocked)
    return file


def test_a_service_with_a_good_certificate_is_spoken_to_over_tls(serve, certificate, monkeypatch):
    monkeypatch.setattr(aws, "tls", [])
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    server = serve(answer(), Resets, answer(), certificate=certificate)
    assert [get(), get()] == [SAID] * 2
    assert len(server.requests) == 3


def test_a_service_with_a_certificate_that_nobody_knows_gets_no_request(serve, certificate, monkeypatch):
    monkeypatch.setattr(aws, "tls", [])
    server = serve(certificate=certificate)
    with pytest.raises(aws.OutOfReach, match="SSLCertVerificationError"):
        get()
    assert server.requests == []


visible = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1)


@contextmanager
def environment(**variables):
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_SESSION_TOKEN", "AWS_REGION", "AWS_DEFAULT_REGION"):
            patch.delenv(name, raising=False)
        for name, value in variables.items():
            if value is not None:
                patch.setenv(name, value)
        yield patch


@given(
    payload=st.binary(),
    key=visible,
    secret=visible,
    token=st.none() | visible,
    region=st.from_regex(r"[a-z]{2}(-[a-z]+){1,2}-[1-9]", fullmatch=True),
    named_by=st.sampled_from(["AWS_REGION", "AWS_DEFAULT_REGION"]),
    service=st.sampled_from(sorted(aws.TARGETS)),
    operation=st.sampled_from(["GetItem", "PutItem", "SendMessage"]),
    host=st.sampled_from(["dynamodb.eu-west-1.amazonaws.com", "127.0.0.1:4566"]),
    clock=st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2099, 12, 31)),  # noqa: DTZ001 - UTC, as botocore's
)
def test_the_signature_is_botocores(payload, key, secret, token, region, named_by, service, operation, host, clock):
    variables = {"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret, "AWS_SESSION_TOKEN": token}
    with environment(**variables, **{named_by: region}) as patch:
        ours = aws.sign(service, host, f"{aws.TARGETS[service]}.{operation}", payload, clock.timetuple())
        sent = {name: ours[name] for name in ("content-type", "x-amz-target")}
        request = AWSRequest("POST", f"http://{host}/", headers=sent, data=payload)
        request.headers["host"] = host
        patch.setattr(botocore_auth, "get_current_datetime", lambda: clock)
        botocore_auth.SigV4Auth(Credentials(key, secret, token), service, region).add_auth(request)
    assert ours == {name.lower(): value for name, value in request.headers.items()}
