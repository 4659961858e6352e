"""Starts the emulator and adds what it lacks to deploy our stacks. docs/deploy.md lists each addition with evidence.

CloudFormation's AWS::SES::EmailIdentity has the attributes DkimDNSTokenName1 to 3 and DkimDNSTokenValue1 to 3. Without
them the deployment ended with "Requested attribute DkimDNSTokenName1 does not exist in schema for AWS::SES::EmailIdentity".

CloudFormation refuses to create a queue, a table or an identity whose name is taken. The emulator went through: it
took the queue over, with its messages gone, and the stack ended with CREATE_COMPLETE.

CloudFormation's AWS::CloudWatch::Alarm takes an expression over several metrics. The emulator refused: "Properties.Metrics
(metric math) is not supported". Such an alarm is made on the first of its metrics.
"""

import sys

from ministack.app import main
from ministack.services import dynamodb, ses_v2, sqs
from ministack.services.cloudformation import provisioners

IDENTITY = provisioners._RESOURCE_HANDLERS["AWS::SES::EmailIdentity"]
create = IDENTITY["create"]


def create_with_tokens(logical_id, props, stack_name):
    identity, attributes = create(logical_id, props, stack_name)
    for number in (1, 2, 3):
        attributes[f"DkimDNSTokenName{number}"] = f"token{number}._domainkey.{identity}"
        attributes[f"DkimDNSTokenValue{number}"] = f"token{number}.dkim.amazonses.com"
    return identity, attributes


IDENTITY["create"] = create_with_tokens

ALARM = provisioners._RESOURCE_HANDLERS["AWS::CloudWatch::Alarm"]
create_alarm = ALARM["create"]


def create_on_one_metric(logical_id, props, stack_name):
    stats = [one["MetricStat"] for one in props.get("Metrics", []) if "MetricStat" in one]
    if not stats:
        return create_alarm(logical_id, props, stack_name)
    single = {key: value for key, value in props.items() if key != "Metrics"}
    metric = stats[0]["Metric"]
    single.update(
        Namespace=metric["Namespace"],
        MetricName=metric["MetricName"],
        Dimensions=metric.get("Dimensions", []),
        Period=stats[0]["Period"],
        Statistic=stats[0]["Stat"],
    )
    return create_alarm(logical_id, single, stack_name)


ALARM["create"] = create_on_one_metric

TAKEN = {
    "AWS::SQS::Queue": ("QueueName", lambda name: name in sqs._queue_name_to_url),
    "AWS::DynamoDB::GlobalTable": ("TableName", lambda name: name in dynamodb._tables),
    "AWS::SES::EmailIdentity": ("EmailIdentity", lambda name: name in ses_v2._identities),
}


def refusing_taken_names(resource_type):
    property_name, is_taken = TAKEN[resource_type]
    handler = provisioners._RESOURCE_HANDLERS[resource_type]
    create_anyway = handler["create"]

    def create_if_free(logical_id, props, stack_name):
        name = props.get(property_name)
        if is_taken(name):
            raise ValueError(f"Resource of type '{resource_type}' with identifier '{name}' already exists.")
        return create_anyway(logical_id, props, stack_name)

    handler["create"] = create_if_free


for resource_type in TAKEN:
    refusing_taken_names(resource_type)
sys.exit(main())
