"""Components: the macros of templates/ui/, which templates call ui.<name>.

A file of them is compiled when a page first uses one of it: all together cost a cold start 55 ms of a processor, and
most pages need a third of them. Stdlib and Jinja2 only: visitors wait for this.
"""

from collections.abc import Callable
from typing import Any

from jinja2 import Environment

type Component = Callable[..., str]


def into(environment: Environment) -> None:
    """Let the templates of this environment import macros.html."""

    def component(file: str, name: str) -> Component:
        def used(*given: Any, **named: Any) -> str:
            macro: Component = getattr(environment.get_template(f"ui/{file}.html").module, name)
            return macro(*given, **named)

        return used

    environment.globals["component"] = component
