"""The environment that handlers are imported in. They make their clients at that time, so this comes before them."""

import os

from infra.local import engine as local_engine
from infra.local.cloudformation import Outputs
from infra.local.engine import Engine
from infra.local.template import Template
from tests.site import URL

PARAMETERS = {"MailFrom": local_engine.MAIL_FROM, "AdminEmail": "operator@pillarbox.test", "PublicUrl": URL}
PORT = local_engine.free_port()

MISLEADING = {
    "AUTH",
    "PLAIN_HTTP",
    "HTTP_RECEIVERS",
    "PUBLIC_URL",
    "ADMIN_EMAIL",
    "MAIL_FROM",
    "SIGN_UP",
    "REQUIRE_SECOND_FACTOR",
    "OPERATOR_READS_FORMS",
}


def _misleads(name: str) -> bool:
    """Whether such a variable of somebody's shell would lead elsewhere, or take off a guard."""
    return name.startswith(("AWS_", "POWERTOOLS_")) or name.upper().endswith("_PROXY") or name in MISLEADING


def prepare(template: Template) -> None:
    for function in template.functions:
        os.environ.update({name: value for name, value in function.environment.items() if value})


def deployed(engine: Engine, outputs: Outputs | None = None) -> Template:
    """Deploy template.yaml to the engine, unless it was, with these outputs.

    From here on the environment names the real table and queues.
    """
    template = Template(outputs=outputs or engine.deploy(), parameters=PARAMETERS)
    engine.let_mail_go(template)
    prepare(template)
    return template


for _name in filter(_misleads, list(os.environ)):
    del os.environ[_name]
os.environ.update(local_engine.environment(PORT))
os.environ |= {"FORM_CACHE_SECONDS": "0", "NO_PROXY": "*"}
prepare(Template(parameters=PARAMETERS))
