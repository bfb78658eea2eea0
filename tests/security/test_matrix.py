"""Every endpoint of the template, tried as everybody: what comes back is what the endpoint's row says, and no more."""

import pytest

from infra.local import sample_events
from infra.local.template import Template
from pillarbox import accounts, definitions, deliveries, forms, ids, places, sessions, settings, table, tokens
from pillarbox.deliveries import Wanted
from tests.outgoing import delivery, webhook
from tests.people import SOMEWHERE, Person, csrf_token, new_account
from tests.security.matrix import NOT_SIGNED_IN, PEOPLE, expected, row, seen
from tests.site import URL

ROUTES = [
    (function, route)
    for function in Template().functions
    if function.kind in {"api", "pages"}
    for route in function.routes
    if route.path != "$default"
]
MEMBERS = ("viewer", "editor", "manager")
# What else those get who are let in: what they ask for isn't there, or their password is wrong; everybody may leave.
HARMLESS: dict[str | bool, set[str]] = {True: {"nothing"}, False: set()}
HARMLESS |= {
    "delete_invitation": {"nothing"},
    "get_erasure": {"nothing"},
    "create_token": {"out"},
    "invitations_page": {"nothing", "out"},
}


class Cast:
    """The people, the owner's programs with one scope each, and a form that is made anew for each try."""

    def __init__(self, template):
        self._template = template
        self.accounts = {who: new_account() for who in PEOPLE if who != "visitor"}
        self.accounts["operator"] = accounts.change(self.accounts["operator"], role="admin")
        self.accounts["off"] = accounts.change(self.accounts["off"], active=False)
        made = {who: tokens.create(one, tokens.Wanted(name="all"), SOMEWHERE) for who, one in self.accounts.items()}
        tokens.revoke(self.accounts["ended"], made["ended"].id, SOMEWHERE)
        self._tokens = {who: token.token for who, token in made.items()}
        self._tokens |= {
            scope: tokens.create(self.accounts["owner"], tokens.Wanted(name="one", scopes=[scope]), SOMEWHERE).token
            for scope in tokens.SCOPES
        }

    def form(self):
        form = forms.create(self.accounts["owner"], definitions.Definition(name="Contact"))
        for role in MEMBERS:
            account = self.accounts[role]
            table.put(table.key(f"ACCOUNT#{account.id}", f"FORM#{form.id}") | {"role": role})
            table.put(forms.member_key(form.id, account.id) | {"role": role, "since": 0})
        return form

    def submission(self, form):
        item = table.key(places.partition(form.id, "inbox", 0), ids.ulid())
        told = {"folder": "inbox", "read": True, "fields": "{}", "source": "{}", "form_version": 1}
        table.put(item | told)
        return item["sk"]

    def delivery(self, known):
        to = "ada@example.com"
        return delivery(known["form_id"], known["submission_id"], kind="mail", to=to, state="failed").id

    def path(self, path, person):
        if "{" not in path:
            return path
        form = self.form()
        known = {"form_id": form.id, "submission_id": self.submission(form), "invitation_id": "none"}
        known["erasure_id"] = "none"
        known |= {"account_id": self.accounts["viewer"].id, "project": "p"}
        if "{webhook_id}" in path:
            hook = webhook(form.id)
            told = Wanted(form.id, known["submission_id"], "webhook", "created", hook.id, hook.url)
            known |= {"webhook_id": hook.id, "delivery_id": told.id}
            assert deliveries.create(told)
        elif "{delivery_id}" in path:
            known["delivery_id"] = self.delivery(known)
        known["token_id"] = person.spare() if "token_id" in path else ""
        return path.replace("{path+}", "site.css").format(**known, file="accent.css")

    def person(self, who):
        """Return somebody with a session that began just now, or a program with a token."""
        person = Actor(self._template)
        if who in tokens.SCOPES:
            person.owner = self.accounts["owner"]
            person.headers["authorization"] = f"Bearer {self._tokens[who]}"
        elif who != "visitor":
            person.owner = self.accounts[who]
            session = sessions.start(person.owner, SOMEWHERE)
            person.cookies.set(settings.session_cookie(), session, domain="pillarbox.test")
            person.headers["authorization"] = f"Bearer {self._tokens[who]}"
            if who == "ended":
                sessions.end({settings.session_cookie(): session})
        return person


class Actor(Person):
    owner: accounts.Account | None = None

    def spare(self):
        """Return the id of a token of their own that may be revoked."""
        if self.owner is None:
            return "none"
        return tokens.create(self.owner, tokens.Wanted(name="spare"), SOMEWHERE).id


@pytest.fixture(scope="module")
def cast(template):
    return Cast(template)


def send(person, function, route, path):
    if function.kind == "api":
        body = sample_events.SENT.get(function.name, {})
        return person.request(route.method, path, json=None if route.method in {"GET", "DELETE"} else body)
    if route.method == "GET":
        return person.get(path)
    token = csrf_token(person.get("/sign-in"))
    return person.post(path, data={"csrf_token": token, "do": "nothing"}, headers={"origin": URL})


@pytest.mark.parametrize(("function", "route"), ROUTES, ids=[f"{route.method} {route.path}" for _, route in ROUTES])
def test_an_endpoint_lets_in_whom_its_row_says_and_nobody_else(cast, function, route):
    may, found, wanted = row(function, route.method), {}, {}
    for who in (*PEOPLE, *tokens.SCOPES):
        with cast.person(who) as person:
            answer = send(person, function, route, cast.path(route.path, person))
        found[who] = seen(function, answer.status_code, answer.headers.get("location", ""))
        wanted[who] = "in" if may == "anybody" else expected(may, who)
        if wanted[who] == "in" and found[who] in HARMLESS.get(function.folder.name, HARMLESS[may == "anybody"]):
            found[who] = "in"
    if function.folder.name == "delete_member":  # the account in the path is the viewer's, and everybody may leave
        wanted["viewer"] = "in"
    if function.folder.name == "code_page":  # nobody's sign-in waits for its second step: all are sent to the first
        wanted = dict.fromkeys(wanted, "out")

    assert found == wanted
    assert may == "anybody" or {wanted[who] for who in NOT_SIGNED_IN} == {"out"}


def test_an_endpoint_without_a_row_fails():
    (function, *_) = Template().functions
    silent = type(function)(**{**function.__dict__, "folder": function.folder.parent.parent / "workers" / "count"})

    with pytest.raises(LookupError, match="MAY"):
        row(silent, "GET")
