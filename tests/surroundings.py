"""The environment that handlers are imported in. They make their clients at that time, so this comes before them."""

import os

from infra.local import engine as local_engine
from infra.local.template import Template

PARAMETERS = {"MailFrom": local_engine.MAIL_FROM, "AdminEmail": "operator@pillarbox.test"}
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


for _name in filter(_misleads, list(os.environ)):
    del os.environ[_name]
os.environ.update(local_engine.environment(PORT))
os.environ |= {"FORM_CACHE_SECONDS": "0", "NO_PROXY": "*"}
prepare(Template(parameters=PARAMETERS))
