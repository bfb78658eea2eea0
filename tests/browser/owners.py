"""An owner with a token, who makes forms over the network and looks what came in."""

import httpx

from pillarbox import ids

PASSWORD = "correct horse battery"


class Owner(httpx.Client):
    def __init__(self, site: str) -> None:
        super().__init__(base_url=site, timeout=30)
        self.site = site
        self.name, self.password = f"owner-{ids.short()}", PASSWORD
        account = {"username": self.name, "email": f"{self.name}@example.com", "password": PASSWORD}
        assert self.post("/v1/accounts", json=account).status_code == 201
        token = self.post("/v1/tokens", json={"username": self.name, "password": PASSWORD, "name": "tests"})
        self.headers["authorization"] = f"Bearer {token.json()['token']}"

    def form(self, **definition: object) -> str:
        """Make a form; returns its id."""
        made = self.post("/v1/forms", json={"name": "Contact", **definition})
        assert made.status_code == 201, made.text
        return str(made.json()["id"])

    def folder(self, form_id: str, folder: str = "inbox") -> list[dict[str, object]]:
        """Return the fields of what lies there, the oldest first."""
        page = self.get(f"/v1/forms/{form_id}/submissions", params={"folder": folder}).json()
        return [one["fields"] for one in reversed(page["submissions"])]
