"""The same as most would write it: FastAPI behind Mangum, boto3 for the table."""

# mypy: ignore-errors
# As people write it, and with packages that only the bench has.

import os
import uuid
from typing import Annotated

import boto3
from fastapi import FastAPI, Form
from fastapi.responses import RedirectResponse
from mangum import Mangum

client = boto3.client("dynamodb")
app = FastAPI()


@app.post("/f/{form_id}")
async def submit(
    form_id: str, name: Annotated[str, Form()], email: Annotated[str, Form()], message: Annotated[str, Form()]
):
    fields = {"name": {"S": name}, "email": {"S": email}, "message": {"S": message}}
    item = {"pk": {"S": f"BENCH#{form_id}"}, "sk": {"S": str(uuid.uuid4())}, "fields": {"M": fields}}
    client.put_item(TableName=os.environ["TABLE_NAME"], Item=item)
    return RedirectResponse("/thanks", status_code=303)


handler = Mangum(app, lifespan="off")
