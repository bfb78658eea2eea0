"""The strict engine: moto refuses what ministack lets pass, such as overlapping paths in an update.

It isn't atomic under threads, so nothing that races is tested on it.
"""

import boto3
import pytest
from botocore.config import Config
from moto import mock_aws

from infra.local.cloudformation import load
from infra.local.template import ROOT
from pillarbox import settings, table


@pytest.fixture
def strict_table(monkeypatch):
    """The table of infra/data.yaml in moto, in the place of the engine's."""
    properties = load(ROOT / "infra" / "data.yaml")["Resources"]["Table"]["Properties"]
    keys = ("BillingMode", "AttributeDefinitions", "KeySchema")
    with mock_aws():
        here = Config(ignore_configured_endpoint_urls=True)  # type: ignore[call-arg]  # not in the stubs
        client = boto3.client("dynamodb", region_name="eu-west-1", config=here)
        client.create_table(TableName=settings.table_name(), **{key: properties[key] for key in keys})
        monkeypatch.setattr(table, "client", client)
        yield client
