"""The edge of the pages that visitors see: a form found by its id in the path, shown, or a page that says why not."""

import time
from collections.abc import Callable
from typing import Any

from pillarbox import answers, journal
from pillarbox.refusals import Broken, Refusal

type Item = dict[str, Any]
type Handler = Callable[[Item, Any], Item]


def page(find: Callable[[str, float], Item], show: Callable[[Item, Item], Item]) -> Handler:
    """Return the Lambda entry point of a page: `find` takes the id and the time it came, `show` the event and form."""

    def handle(event: Item, context: Any) -> Item:
        try:
            return show(event, find(event["pathParameters"]["form_id"], time.monotonic()))
        except Refusal as refusal:
            return answers.refused(event, refusal)
        except Exception as error:  # noqa: BLE001  whatever it is, the visitor sees a page
            journal.write("page", {"Failed": 1}, request_id=context.aws_request_id, causes=journal.causes(error))
            return answers.refused(event, Broken())

    return handle
