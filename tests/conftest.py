"""What tests stand on: the local engine, the template with its outputs, and people.

The environment is set before handlers are imported, by surroundings.py; the engine itself starts with the first test
that asks for it, one for each worker of pytest-xdist.
"""

from collections.abc import Iterator
from contextlib import ExitStack, closing

import httpx
import hypothesis
import pytest

from infra.local import engine as local_engine
from infra.local.engine import Engine
from infra.local.http_api import HttpApi
from infra.local.instances import Instances
from infra.local.template import Template
from tests.proxy import Faults
from tests.surroundings import PORT, deployed
from tests.tcp import serving

hypothesis.settings.register_profile("pillarbox", deadline=None)  # a busy machine is no reason to fail
hypothesis.settings.load_profile("pillarbox")

from pillarbox import accounts, attempts, definitions, forms, sessions, table  # noqa: E402 - it reads the environment
from tests.mailbox import Mailbox  # noqa: E402
from tests.outgoing import delivery, queued, webhook  # noqa: E402
from tests.people import SOMEWHERE, Browser, Person, new_account  # noqa: E402
from tests.site import VISITOR_ADDRESS  # noqa: E402


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The local AWS engine, with the tables and queues of the templates."""
    log = tmp_path_factory.mktemp("engine") / "log"
    with local_engine.running(log=log, port=PORT) as engine:
        yield engine


@pytest.fixture(scope="session")
def template(engine: Engine) -> Template:
    return deployed(engine)


@pytest.fixture
def visitor(template):
    """Somebody without an account, from whose address nothing was tried yet."""
    for kind in ("sign-in-address", "sign-up-address", "reset-address"):
        attempts.forget(kind, VISITOR_ADDRESS)
    with Person(template) as person:
        yield person


@pytest.fixture
def owner(template):
    with Person(template, new_account()) as person:
        yield person


@pytest.fixture
def racing_owner(owner, live):
    """The owner's program over TCP, where requests at once meet instances of their own."""
    headers = {"authorization": owner.headers["authorization"]}
    with httpx.Client(base_url=live, headers=headers, timeout=60) as client:
        yield client


@pytest.fixture
def racing_browser(live):
    """Make a browser over TCP, signed in to an account, where requests at once meet instances of their own."""
    with ExitStack() as opened:

        def made(account):
            browser = opened.enter_context(Browser(base_url=live, timeout=60))
            if account:
                browser.cookies.set("pillarbox", sessions.start(account, SOMEWHERE))
            return browser

        yield made


@pytest.fixture
def stranger(template):
    """Somebody with an account who owns nothing of the owner's."""
    with Person(template, new_account()) as person:
        yield person


@pytest.fixture
def operator(template):
    """Whoever runs this Pillarbox."""
    with Person(template, accounts.change(new_account(), email_verified=True, role="admin")) as person:
        yield person


def _member(template, form, role):
    person = Person(template, new_account())
    account = person.account
    table.put(table.key(f"ACCOUNT#{account.id}", f"FORM#{form.id}") | {"role": role})
    table.put(forms.member_key(form.id, account.id) | {"role": role, "since": 0})
    return person


@pytest.fixture
def viewer(template, form):
    """Somebody who may look into the owner's form."""
    with _member(template, form, "viewer") as person:
        yield person


@pytest.fixture
def editor(template, form):
    """Somebody who may also move and delete what came in."""
    with _member(template, form, "editor") as person:
        yield person


@pytest.fixture
def manager(template, form):
    """Somebody who may also change and share the owner's form."""
    with _member(template, form, "manager") as person:
        yield person


@pytest.fixture
def form(owner):
    """A form of the owner's that takes any field."""
    return forms.create(owner.account, definitions.Definition(name="Contact"))


@pytest.fixture
def hook(form):
    """A webhook of the owner's form, of whose messages none wait from before."""
    queued("webhooks")
    return webhook(form.id)


@pytest.fixture
def make(form, sent, request):
    """Make deliveries of the submission `sent`: to `hook` unless told, of which became what is told."""

    def make(to=None, *, kind="webhook", **became):
        to = to or (request.getfixturevalue("hook") if kind == "webhook" else "ada@example.com")
        about = {"to": to} if isinstance(to, str) else {"hook": to}
        return delivery(form.id, sent.rsplit("/", 1)[1], kind=kind, **about, **became)

    return make


@pytest.fixture
def failed(make):
    """A delivery to `hook` that failed for good."""
    return make(status=500)


@pytest.fixture
def slow_pauses(monkeypatch):
    """The first pause after too many attempts lasts longer than a busy machine takes for the next."""
    monkeypatch.setattr(attempts, "FIRST_PAUSE", 60)


@pytest.fixture
def mailbox(engine, template):
    """Everybody's mail, and nothing in the queue from before."""
    mailbox = Mailbox(engine, template)
    mailbox.waiting()
    return mailbox


@pytest.fixture
def faults(engine, monkeypatch):
    """What stands between the submit path and the engine: it counts calls, and puts in faults."""
    faults = Faults(engine.url)
    monkeypatch.setenv("AWS_ENDPOINT_URL", faults.url)
    yield faults
    faults.stop()


@pytest.fixture(scope="session")
def live_log(tmp_path_factory):
    """The file with what the processes of `live` print."""
    return tmp_path_factory.mktemp("live") / "functions.log"


@pytest.fixture(scope="session")
def live(engine, template, live_log):
    """The address of the site over TCP, with a process for each request under way: for what races."""
    variables = engine.environment | {"PLAIN_HTTP": "yes", "FORM_CACHE_SECONDS": "0"}
    instances = Instances(variables, log=live_log)
    with closing(instances), serving(HttpApi(template, instances.invoke)) as url:
        yield url
