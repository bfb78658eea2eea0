"""What the sample events speak of: a form, a submission, a session and a token with the ids that stand in them."""

import io
from contextlib import ExitStack, redirect_stdout
from unittest.mock import patch

from infra.local import lambdas, sample_events
from infra.local.sample_events import (
    DELIVERY_ID,
    FORM_ID,
    INVITATION_ID,
    MEMBER_ID,
    OVERFLOWED_ID,
    SESSION,
    SUBMISSION_ID,
    TOKEN,
    WEBHOOK_ID,
)
from infra.local.template import Template
from pillarbox import accounts, definitions, deliveries, forms, ids, places, registration, sessions, table, tokens
from pillarbox.deliveries import Wanted
from tests.outgoing import webhook
from tests.people import SOMEWHERE

# What each function answers to its sample, where that isn't 200.
STATUS = {
    "CreateAccount": 201,
    "CreateToken": 201,
    "CreateErasure": 202,
    "ResendDelivery": 202,
    "CreateForm": 201,
    "GetErasure": 404,  # nobody asked for it
    "CodePage": 303,  # no sign-in waits for its second factor
    "DeleteForm": 204,
    "NoteVisit": 204,
    "AllActivityPage": 403,  # the sample's account is no operator's
    "UserPage": 403,
    "UsersPage": 403,
    "CreateInvitation": 201,
    "CreateWebhook": 201,
    "DeleteWebhook": 204,
    "ReplayDeliveries": 202,
    "ReplayDelivery": 202,
    "RotateWebhook": 201,
    "TestWebhook": 202,
    "DeleteInvitation": 204,
    "DeleteMember": 204,
    "InvitationsPage": 404,  # its link was never mailed
    "RecipientsPage": 404,  # nor was this one's
    "OptInPage": 404,
    "UnsubscribePage": 404,  # nor signed
    "DeleteToken": 204,
    "DeleteSubmission": 204,
}


def make(template: Template) -> None:
    """Make them anew, whatever became of those before."""
    account = _owner()
    shard = ids.shard_of(SUBMISSION_ID)
    new = sample_events.SENT["CreateAccount"]
    table.delete_many(
        [
            places.form(FORM_ID),
            tokens._key(ids.digest(TOKEN)),  # noqa: SLF001 - it can't be made a second time
            *accounts._names(accounts.Account.model_construct(**new)).values(),  # noqa: SLF001 - nor can an account
            table.key(f"OVERFLOW#{OVERFLOWED_ID}", "OVERFLOW"),
            *(
                table.key(places.partition(FORM_ID, folder, shard), submission)
                for folder in places.EVERYWHERE
                for submission in (SUBMISSION_ID, OVERFLOWED_ID)
            ),
        ]
    )
    (submit,) = [function for function in template.functions if function.name == "SubmitForm"]
    chance = iter(TOKEN[4:34])
    with ExitStack() as patched:
        patched.enter_context(patch.object(ids, "short", lambda: FORM_ID))
        patched.enter_context(patch.object(ids, "ulid", lambda **_: SUBMISSION_ID))
        patched.enter_context(patch.object(ids, "secret", lambda: SESSION))
        patched.enter_context(patch("secrets.choice", lambda _: next(chance)))
        # Without a limit: the benchmark sends it as fast as it is taken.
        unlimited = {"per_address_per_minute": None, "per_form_per_minute": None}
        made = {"name": "Contact", "limits": unlimited, "appearance": {"accent": "#1f55a5"}}
        forms.create(account, definitions.Definition.model_validate(made))
        _share()
        tokens.create(account, tokens.Wanted(name="sample"), SOMEWHERE)
        sessions.start(account, SOMEWHERE)
        patched.enter_context(redirect_stdout(io.StringIO()))  # its journal
        answer = lambdas.invoke(submit, sample_events.sample(submit))
    assert answer["statusCode"] == 200, answer
    _tell()


def _owner() -> accounts.Account:
    name, password = sample_events.SENT["CreateToken"]["username"], sample_events.SENT["CreateToken"]["password"]
    new = registration.NewAccount(username=name, email=f"{name}@example.com", password=password)
    return accounts.find(name) or accounts.create(new)


def _tell() -> None:
    """Give the form a webhook, and let it have been told of the submission in vain, under the ids of the samples."""
    hook = webhook(FORM_ID, id=WEBHOOK_ID)
    made = Wanted(FORM_ID, SUBMISSION_ID, "webhook", "created", hook.id, hook.url)
    with patch.object(Wanted, "id", DELIVERY_ID):
        deliveries.forget(FORM_ID, SUBMISSION_ID)
        if delivery := deliveries.create(made):
            deliveries.mark(delivery, "failed")


def _share() -> None:
    """Share the form with somebody, and offer it to somebody else, under the ids of the samples."""
    name = "sample-member"
    new = registration.NewAccount(username=name, email=f"{name}@example.com", password="correct horse battery")
    with patch.object(ids, "short", lambda: MEMBER_ID):
        member = accounts.find(name) or accounts.create(new)
    table.put(table.key(f"ACCOUNT#{member.id}", f"FORM#{FORM_ID}") | {"role": "viewer"})
    table.put(forms.member_key(FORM_ID, member.id) | {"role": "viewer", "since": 0})
    waiting = {"email": f"{name}@example.net", "role": "viewer", "number": "n", "expires_at": 4_000_000_000}
    table.put(table.key(places.form(FORM_ID)["pk"], f"{forms.INVITED}{INVITATION_ID}") | waiting)
