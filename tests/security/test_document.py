"""What docs/security.md says of numbers, names and places is what the code does."""

import math
import re

import pytest

from infra.local.cloudformation import load
from infra.local.template import ROOT
from pillarbox import (
    attempts,
    audit,
    challenges,
    deliveries,
    devices,
    exports,
    factors,
    passwords,
    places,
    settings,
    totp,
)
from tests.security.test_code import PYTHON

DOCUMENT = (ROOT / "docs" / "security.md").read_text()
UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
# Modules that only call what another one does with cryptography.
USES = r"^import (?:hmac|hashlib|secrets)\b|^\s*(?:from|import) (?:argon2|pyotp|webauthn)\b|os\.urandom\("
LINKS_TO_SIGN_IN = {"/sign-in", "/sign-in/code", "/sign-in/passkey", "/sign-up", "POST /v1/tokens", "/confirm"}


def section(title):
    _, found, rest = DOCUMENT.partition(f"## {title}\n")
    assert found, f"there is no section {title}"
    return rest.partition("\n## ")[0]


def rows(title):
    lines = [line for line in section(title).splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def seconds(text):
    number, unit = text.split()
    return int(number) * UNITS[unit.removesuffix("s")]


def test_the_pauses_are_those_of_the_code():
    listed = rows("Signing in")[-len(attempts.LIMITS) :]
    told = [(int(free), seconds(longest), seconds(after)) for _, free, longest, after in listed]

    assert told == [tuple(limit) for limit in attempts.LIMITS.values()]


def test_the_words_that_passwords_are_not_made_of_are_named():
    assert f"`{passwords.OUR_NAME}`" in section("Signing in")
    for password in ("pillarbox1", "adalovelace12", "ada@example.com"):
        with pytest.raises(ValueError, match="your own name"):
            passwords.check(password, ["adalovelace", "ada@example.com"])


def test_every_way_in_is_named():
    """Whatever calls what begins a session or makes a token out of a password stands in the table."""
    ways = {row[0].strip("`") for row in rows("Signing in")} & LINKS_TO_SIGN_IN
    doors = [
        file.parent.name
        for file in PYTHON
        if file.name == "handler.py" and re.search(r"entrance\.|sign_in\.by_password", file.read_text())
    ]

    assert ways == LINKS_TO_SIGN_IN
    assert sorted(doors) == DOORS


# farewell and the end of an account use `entrance` too, to end a session
DOORS = [
    "code_page",
    "confirm_page",
    "create_token",
    "data_page",
    "passkey_sign_in_page",
    "sign_in_page",
    "sign_out_page",
    "sign_up_page",
]


def test_sessions_last_as_long_as_the_template_says():
    parameters = load(ROOT / "template.yaml")["Parameters"]
    told = section("Sessions")

    assert f"{parameters['SessionIdleMinutes']['Default']} minutes without use" in told
    assert f"{parameters['SessionAbsoluteHours']['Default']} hours in any case" in told


def test_every_module_with_cryptography_is_in_the_inventory():
    uses = {file.stem for file in PYTHON if re.search(USES, file.read_text(), re.MULTILINE)}
    told = {row[0].strip("`") for row in rows("Keys, hashes and chance")[1:]}

    assert told - {"where"} == uses


def test_recovery_codes_have_the_chance_that_is_told():
    bits = factors.RECOVERY_LENGTH * math.log2(len(set(factors.ALPHABET)))

    assert int(bits) == 118
    assert "118 bits" in section("Keys, hashes and chance")


def test_what_opens_something_has_128_bits_or_a_pause():
    token = 30 * math.log2(62)

    assert int(token) == 178
    assert challenges.SIGNATURE * 8 == devices.TAG_CHARACTERS * 4 == 128
    assert len(settings.secret_key()) >= 32
    assert totp.DIGITS == 6
    assert "code" in attempts.LIMITS


def test_every_service_that_functions_may_call_is_named():
    actions = set(re.findall(r'"(\w+):\w+"', (ROOT / "template.yaml").read_text()))
    names = {"dynamodb": "DynamoDB", "sqs": "SQS", "s3": "S3", "ses": "SES"}

    assert actions == set(names)
    for name in (*names.values(), "Secrets Manager", "Turnstile", "hCaptcha", "reCAPTCHA"):
        assert name in section("What talks to what")


def test_every_shape_of_key_belongs_to_a_class():
    """Classes are told in words: here stands which shape of key is which, so that a new one is thought about."""
    shapes = [line[4:24].strip() for line in str(places.__doc__).splitlines() if re.match(r"    \w", line)][1:]

    assert [row[0] for row in rows("What is kept")[1:]] == list(CLASSES)
    assert sorted(shapes) == sorted([*OF_NOBODY, *(shape for some in CLASSES.values() for shape in some)])


OF_NOBODY = ["stream's cursor", "overflow marker", "used challenge", "mails of a minute"]
CLASSES = {
    "secret": ["session", "its row", "token", "token's row", "link in a mail", "second factor", "app that waits"],
    "private": [
        "submission",
        "copy of all of it",
        "counters, lessons",
        "counts by the day",
        "what came on a day",
        "visit",
        "version, draft",
        "delivery",
        "when it is due",
        "webhook, its log",
        "digest",
    ],
    "personal": [
        *("account", "its row in the list", "username", "what it looks like", "e-mail address"),
        *("membership", "member, invited", "invitation"),
        *("security event", "the same", "attempts", "sign-in that waits", "erasure's receipt"),
        *("recipient", "who wants no mail", "nor this form's", "answered today"),
    ],
    "public": ["form", "logo"],
}


def test_what_is_kept_is_kept_as_long_as_is_told():
    told = section("What is kept")

    assert f"spam and trash for {places.KEPT_SECONDS['spam'] // 86400} days" in told
    assert f"deliveries for {deliveries.KEPT_SECONDS // 86400} days" in told
    assert f"the log for {audit.KEPT_SECONDS // 86400} days" in told
    assert exports.LINK_SECONDS == 5 * 60


def test_logs_are_kept_as_long_as_is_told():
    days = load(ROOT / "template.yaml")["Resources"]["Logs"]["Properties"]["RetentionInDays"]
    kept = [row[3] for row in rows("What is logged")[1:]]

    assert kept == [f"{days} days", f"{audit.KEPT_SECONDS // 86400} days", "30 days"]


def test_how_soon_components_are_mended_is_told():
    told = (ROOT / "SECURITY.md").read_text().partition("## Components")[2]

    assert re.findall(r"^\| (\d+) days \|", told, re.MULTILINE) == ["7", "30", "90"]
