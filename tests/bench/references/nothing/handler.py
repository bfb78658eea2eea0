"""What Lambda's own runtime costs: no work at all."""


def handler(_event: object, _context: object) -> dict[str, int]:
    return {"statusCode": 303}
