"""Small applications for tests of the local stack: a template and handlers in a folder of the test's own."""

import textwrap
import uuid

import yaml

from infra.local.template import Template


class Application:
    """Functions are added one by one; their folders have names that no other test has, as modules are kept."""

    def __init__(self, root):
        self.root = root
        self.file = root / "template.yaml"
        self._document = {"Globals": {"Function": {"Handler": "handler.handler", "Timeout": 10}}, "Resources": {}}

    def function(self, name, events, code="def handler(event, context): return event", **properties):
        folder = f"functions/api/{name.lower()}_{uuid.uuid4().hex[:8]}"
        self._document["Resources"][name] = {
            "Type": "AWS::Serverless::Function",
            "Properties": {"CodeUri": f"{folder}/", "Events": events, **properties},
        }
        self.write(folder, code)
        return folder

    def route(self, name, *routes, code="def handler(event, context): return event", **properties):
        """Add a function with routes, each `GET /path`."""
        pairs = [route.split(" ") for route in routes]
        events = {
            f"Http{number}": {"Type": "HttpApi", "Properties": {"Method": method, "Path": path}}
            for number, (method, path) in enumerate(pairs)
        }
        return self.function(name, events, code, **properties)

    def write(self, folder, code):
        path = self.root / folder / "handler.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(code))

    def cors(self, **configuration):
        self._document["Globals"]["HttpApi"] = {"CorsConfiguration": configuration}

    def resource(self, name, kind, **properties):
        self._document["Resources"][name] = {"Type": kind, "Properties": properties}

    def save(self):
        self.file.write_text(yaml.safe_dump(self._document))

    def template(self, **given):
        self.save()
        return Template(self.file, **given)
