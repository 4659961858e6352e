import {
  ConditionalCheckFailedException,
  DynamoDBServiceException,
  ResourceInUseException,
  ResourceNotFoundException,
} from '@aws-sdk/client-dynamodb';
import type { Item } from '../cost/item-size.ts';

/** What DynamoDB answers to a request that breaks one of its rules. */
export function validationError(message: string): DynamoDBServiceException {
  return new DynamoDBServiceException({
    name: 'ValidationException',
    $fault: 'client',
    message,
    $metadata: { httpStatusCode: 400 },
  });
}

/** What DynamoDB answers to a request for a table that isn't there. */
export function noSuchTable(name: string | undefined): ResourceNotFoundException {
  return new ResourceNotFoundException({
    message: `Requested resource not found: Table: ${name} not found`,
    $metadata: { httpStatusCode: 400 },
  });
}

/** What DynamoDB answers to the creation of a table that is there. */
export function tableInUse(name: string): ResourceInUseException {
  return new ResourceInUseException({ message: `Table already exists: ${name}`, $metadata: { httpStatusCode: 400 } });
}

/** What DynamoDB answers to a write whose condition is false. */
export function conditionFailed(item: Item | undefined): ConditionalCheckFailedException {
  return new ConditionalCheckFailedException({
    message: 'The conditional request failed',
    $metadata: { httpStatusCode: 400 },
    ...(item && { Item: item }),
  });
}
