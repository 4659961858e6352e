"""Calls AWS for the rehearsal with botocore, which has every service and is installed with the emulator.

A line in is {"service", "operation", "parameters"}, a line out is {"result"} or {"code", "message"}.
Endpoint, region and credentials come from the environment.
"""

import json
import os
import sys

import botocore.exceptions
import botocore.response
import botocore.session
from botocore import xform_name

# Passed to every client, as some of them ignore the variable. Without an endpoint nothing may be called.
ENDPOINT = os.environ["AWS_ENDPOINT_URL"]
session = botocore.session.get_session()
clients = {}


def plain(value):
    if isinstance(value, botocore.response.StreamingBody):
        value = value.read()
    return value.decode() if isinstance(value, bytes) else str(value)


for line in sys.stdin:
    call = json.loads(line)
    service = call["service"]
    try:
        if service not in clients:
            clients[service] = session.create_client(service, endpoint_url=ENDPOINT)
        result = getattr(clients[service], xform_name(call["operation"]))(**call["parameters"])
        result.pop("ResponseMetadata", None)
        answer = {"result": result}
    except botocore.exceptions.ClientError as error:
        answer = {"code": error.response["Error"]["Code"], "message": str(error)}
    except Exception as error:
        answer = {"code": type(error).__name__, "message": str(error)}
    print(json.dumps(answer, default=plain), flush=True)
