"""Starters: what a new form can begin as. Each is a patch of a definition, all of which its owner can change later."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from pillarbox import validation
from pillarbox.definitions import Definition
from pillarbox.errors import Malformed

type Fields = list[dict[str, Any]]

UNNAMED = "Untitled form"

NAME = {"name": "name", "label": "Your name", "type": "text", "required": True, "max_length": 100}
EMAIL = {"name": "email", "label": "Your e-mail address", "type": "email", "required": True}
PHONE = {"name": "phone", "label": "Your phone number", "type": "phone"}
LONG = {"type": "long_text", "max_length": 5000}


class Starter(NamedTuple):
    key: str
    name: str  # also of the form, unless its owner names it otherwise
    words: str
    definition: Mapping[str, Any]

    @property
    def fields(self) -> Sequence[Mapping[str, Any]]:
        fields: Fields = self.definition["fields"]
        return fields


def _options(**labels: str) -> list[dict[str, str]]:
    return [{"value": value, "label": label} for value, label in labels.items()]


def _if(field: str, equals: str | bool) -> dict[str, Any]:  # noqa: FBT001 - a value that a visitor gave
    return {"show_if": {"field": field, "equals": equals}}


def _thanks(title: str, text: str) -> dict[str, str]:
    return {"title": title, "text": text}


CONTACT: Fields = [
    NAME,
    EMAIL | {"help": "So that we can answer you."},
    {"name": "message", "label": "Your message", "required": True} | LONG,
]

FEEDBACK: Fields = [
    {"name": "rating", "label": "How was it?", "type": "choice", "required": True}
    | {"options": _options(great="Great", good="Good", fair="All right", poor="Not so good", bad="Bad")},
    {"name": "liked", "label": "What did you like?"} | LONG,
    {"name": "missed", "label": "What could be better?"} | LONG,
    {"name": "reply", "label": "You may write back to me", "type": "checkbox"},
    EMAIL | _if("reply", equals=True),
]

SIGN_UP: Fields = [
    {"name": "name", "label": "First name", "type": "text", "max_length": 100},
    EMAIL,
    {"name": "topics", "label": "What would you like to hear about?", "type": "choices"}
    | {"options": _options(news="News", events="Events", offers="Offers")},
    {"name": "consent", "label": "Yes, write to me. I can end it at any time.", "type": "consent", "required": True},
]

RSVP: Fields = [
    NAME,
    {"name": "coming", "label": "Are you coming?", "type": "choice", "required": True}
    | {"options": _options(yes="Yes, gladly", no="Sadly, no")},
    {"name": "guests", "label": "How many of you, with yourself?", "type": "integer", "required": True}
    | {"min": 1, "max": 10, "default": 1}
    | _if("coming", "yes"),
    {"name": "food", "label": "What do you eat?", "type": "choice"}
    | {"options": _options(anything="Anything", vegetarian="Vegetarian", vegan="Vegan")}
    | _if("coming", "yes"),
    {"name": "allergies", "label": "Allergies, or anything else we should know?", "type": "text", "max_length": 500}
    | _if("coming", "yes"),
    {"name": "message", "label": "A few words for us"} | LONG,
]

JOB: Fields = [
    NAME | {"starts_page": "You"},
    EMAIL,
    PHONE,
    {"name": "position", "label": "Which position is it about?", "type": "text", "required": True, "max_length": 200}
    | {"starts_page": "Your work"},
    {"name": "start", "label": "When could you start?", "type": "date"},
    {"name": "resume", "label": "Link to your CV", "type": "url", "required": True}
    | {"help": "A file that you share, a page of yours, a profile."},
    {"name": "work", "label": "Link to something you made", "type": "url"},
    {"name": "letter", "label": "Why you, and why us?", "required": True}
    | LONG
    | {"starts_page": "In your words", "help": "Half a page is plenty."},
    {"name": "consent", "label": "You may keep my application until the position is filled.", "type": "consent"}
    | {"required": True},
]

BUG: Fields = [
    {"name": "title", "label": "What went wrong, in a few words?", "type": "text", "required": True}
    | {"max_length": 200, "help": "“Saving a photo shows an empty page”"},
    {"name": "severity", "label": "How bad is it?", "type": "choice", "required": True}
    | {"options": _options(blocked="I can't go on", hindered="I can work around it", small="It is only a blemish")},
    {"name": "steps", "label": "What did you do before?", "required": True} | LONG,
    {"name": "expected", "label": "What should have happened?"} | LONG,
    {"name": "page", "label": "On which page?", "type": "url"},
    {"name": "browser", "label": "Device and browser", "type": "text", "max_length": 200},
    {"name": "email", "label": "Where can we ask you more?", "type": "email"},
]

ORDER: Fields = [
    {
        "name": "product",
        "label": "What would you like?",
        "type": "choice",
        "required": True,
        "starts_page": "Your order",
    }
    | {"options": _options(small="Small box", medium="Medium box", large="Large box")},
    {"name": "quantity", "label": "How many?", "type": "integer", "required": True, "min": 1, "max": 99, "default": 1},
    {"name": "notes", "label": "Wishes", "help": "Colour, engraving, a card to go with it."} | LONG,
    NAME | {"starts_page": "Delivery"},
    EMAIL | {"help": "We confirm your order there."},
    PHONE,
    {"name": "delivery", "label": "How does it get to you?", "type": "choice", "required": True}
    | {"options": _options(collect="I collect it", post="By post")},
    {"name": "address", "label": "Where to?", "required": True} | LONG | {"max_length": 500} | _if("delivery", "post"),
    {"name": "day", "label": "When do you need it?", "type": "date"},
]

SURVEY: Fields = [
    {"name": "found", "label": "How did you find us?", "type": "choice", "starts_page": "How you know us"}
    | {
        "options": _options(
            search="By searching", friend="Somebody told me", social="Social media", passing="By chance"
        )
    },
    {"name": "often", "label": "How often do you come?", "type": "choice"}
    | {"options": _options(first="This is the first time", sometimes="Now and then", weekly="Every week")},
    {"name": "satisfied", "label": "How content are you?", "type": "choice", "required": True}
    | {"options": _options(very="Very", quite="Quite", partly="Partly", hardly="Hardly", not_at_all="Not at all")}
    | {"starts_page": "What you think"},
    {"name": "matters", "label": "What matters most to you?", "type": "choices"}
    | {"options": _options(price="Price", quality="Quality", service="Service", choice="Choice", speed="Speed")},
    {"name": "recommend", "label": "How likely would you tell a friend of us?", "type": "integer"}
    | {"min": 0, "max": 10, "help": "From 0, never, to 10, at once."},
    {"name": "change", "label": "If you could change one thing, what would it be?", "starts_page": "Last words"} | LONG,
    {"name": "email", "label": "Your e-mail address, if we may ask back", "type": "email"},
]

STARTERS: Mapping[str, Starter] = {
    starter.key: starter
    for starter in (
        Starter(
            "contact",
            "Contact",
            "Name, address, message.",
            {"fields": CONTACT, "thanks": _thanks("Thank you", "We have your message and will answer soon.")},
        ),
        Starter(
            "feedback",
            "Feedback",
            "A rating, and room to say why.",
            {"fields": FEEDBACK, "thanks": _thanks("Thank you", "Every word of it is read.")},
        ),
        Starter(
            "sign-up",
            "Sign-up list",
            "Addresses of people who want to hear from you.",
            {"fields": SIGN_UP, "thanks": _thanks("You are on the list", "We write when there is something to tell.")},
        ),
        Starter(
            "rsvp",
            "RSVP",
            "Who comes, how many, and what they eat.",
            {"fields": RSVP, "thanks": _thanks("Thank you for telling us", "Your answer has arrived.")},
        ),
        Starter(
            "job",
            "Job application",
            "Three short pages: who, what, why.",
            {"fields": JOB, "thanks": _thanks("Thank you", "We read your application and write to you.")},
        ),
        Starter(
            "bug",
            "Bug report",
            "What broke, where, and how to see it again.",
            {"fields": BUG, "thanks": _thanks("Thank you", "We look into it.")},
        ),
        Starter(
            "order",
            "Order",
            "What, how many, and where it goes.",
            {"fields": ORDER, "thanks": _thanks("Your order has arrived", "We write to you to confirm it.")},
        ),
        Starter(
            "survey",
            "Survey",
            "Seven questions on three pages.",
            {"fields": SURVEY, "thanks": _thanks("Thank you", "Your answers help us do better.")},
        ),
    )
}


def begun(key: str, name: str) -> Definition:
    """Return the definition of a new form; without a key it is blank, and takes whatever is sent to it."""
    if key not in {"", *STARTERS}:
        raise Malformed("There is no such template.")
    called, definition = (STARTERS[key].name, STARTERS[key].definition) if key else (UNNAMED, {})
    return validation.parse(Definition, {**definition, "name": name.strip() or called})
