import textwrap

import pytest

from infra.local.cloudformation import Resolver, load
from infra.local.template import Template


def _read(tmp_path, text, **given):
    file = tmp_path / "template.yaml"
    file.write_text(textwrap.dedent(text))
    return Template(file, **given)


FUNCTION = """
    Parameters:
      Stage: {Type: String, Default: dev}
      Minutes: {Type: Number, Default: 5}
    Conditions:
      Prod: !Equals [!Ref Stage, prod]
    Globals:
      Function:
        Timeout: 7
        Environment:
          Variables: {TABLE_NAME: !GetAtt Data.Outputs.TableName, MINUTES: !Ref Minutes}
    Resources:
      Greet:
        Type: AWS::Serverless::Function
        Properties:
          CodeUri: functions/api/greet/
          MemorySize: !If [Prod, 1024, 256]
          Environment:
            Variables:
              KEY: !Sub "{{resolve:secretsmanager:${Secret}:SecretString:key}}"
              URL: !Sub "https://${AWS::Region}.example.com/${Stage}"
          Events:
            Hello: {Type: HttpApi, Properties: {Method: get, Path: "/hello/{name}"}}
            Rest: {Type: HttpApi}
            Jobs: {Type: SQS, Properties: {Queue: !GetAtt Queues.Outputs.JobsArn, BatchSize: 3}}
      OnlyInProd:
        Type: AWS::Serverless::Function
        Condition: Prod
        Properties: {CodeUri: functions/api/only_in_prod/}
"""


def test_reads_what_a_function_is_with_globals_merged_in(tmp_path):
    outputs = {"Data": {"TableName": "forms"}, "Queues": {"JobsArn": "arn:aws:sqs:eu-west-1:0:jobs"}}

    (greet,) = _read(tmp_path, FUNCTION, outputs=outputs).functions

    assert (greet.name, greet.kind, greet.module) == ("Greet", "api", "functions.api.greet.handler")
    assert (greet.timeout, greet.memory) == (7, 256)
    assert [route.key for route in greet.routes] == ["GET /hello/{name}", "$default"]
    assert greet.sources[0].properties == {"Queue": "arn:aws:sqs:eu-west-1:0:jobs", "BatchSize": 3}
    assert greet.environment["TABLE_NAME"] == "forms"
    assert greet.environment["MINUTES"] == "5"
    assert greet.environment["URL"] == "https://eu-west-1.example.com/dev"


def test_leaves_out_what_a_condition_leaves_out(tmp_path):
    names = [function.name for function in _read(tmp_path, FUNCTION, parameters={"Stage": "prod"}).functions]

    assert names == ["Greet", "OnlyInProd"]


def test_makes_a_secret_that_follows_from_the_local_one(tmp_path):
    keys = [
        _read(tmp_path, FUNCTION, secret=secret).functions[0].environment["KEY"] for secret in ("one", "one", "two")
    ]

    assert keys[0] == keys[1] != keys[2]
    assert "resolve" not in keys[0]


def test_reads_an_output_that_nobody_knows_as_its_own_name(tmp_path):
    (greet,) = _read(tmp_path, FUNCTION).functions

    assert greet.environment["TABLE_NAME"] == "Data.Outputs.TableName"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("!Join ['-', [a, !Ref Name, c]]", "a-b-c"),
        ("!Select [1, [a, b]]", "b"),
        ("!Sub ['${X}/${Name}/${!Left}', {X: !Ref Name}]", "b/b/${Left}"),
        ("!Not [!Equals [!Ref Name, a]]", True),
        ("!And [!Equals [a, a], !Equals [a, b]]", False),
        ("!Or [!Equals [a, a], !Equals [a, b]]", True),
        ("{kept: 1, gone: !Ref AWS::NoValue}", {"kept": 1}),
        ("[!Ref AWS::NoValue, x]", ["x"]),
        ("{'Fn::If': [Never, a, b]}", "b"),
    ],
)
def test_works_out_intrinsic_functions(tmp_path, written, meant):
    file = tmp_path / "template.yaml"
    file.write_text(f"Conditions: {{Never: !Equals [a, b]}}\nvalue: {written}\n")
    document = load(file)

    assert Resolver(document, {"Name": "b"}, {}, "")(document["value"]) == meant
