import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { DynamoDBServiceException } from '@aws-sdk/client-dynamodb';
import type { MemoryDynamo } from './memory-dynamo.ts';
import { fromWire, toWire } from './wire.ts';

const HOST = '127.0.0.1';
/** `DynamoDB_20120810.PutItem` */
const TARGET = 'x-amz-target';
const CONTENT_TYPE = 'application/x-amz-json-1.0';
const EXCEPTIONS = 'com.amazonaws.dynamodb.v20120810#';

/**
 * Lets other processes ask tables in memory: DynamoDB's protocol, AWS JSON 1.0, over HTTP on a free loopback port. No
 * signature is checked.
 */
export async function serveTables(tables: MemoryDynamo): Promise<{ endpoint: string; close(): Promise<void> }> {
  const server = createServer((request, response) => void answer(tables, request, response));
  server.listen(0, HOST);
  await once(server, 'listening');
  return { endpoint: `http://${HOST}:${(server.address() as AddressInfo).port}`, close: () => closed(server) };
}

async function answer(tables: MemoryDynamo, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const send = (status: number, body: object): void => {
    response.writeHead(status, { 'content-type': CONTENT_TYPE }).end(toWire(body));
  };
  try {
    const action = String(request.headers[TARGET]).replace(/^.*\./, '');
    send(200, tables.answer(action, fromWire(await text(request))));
  } catch (error) {
    if (!(error instanceof DynamoDBServiceException)) {
      const message = error instanceof Error ? error.message : String(error);
      send(500, { __type: `${EXCEPTIONS}InternalServerError`, message });
      return;
    }
    const { name, message, $fault, $metadata, $response, ...more } = error;
    send($metadata.httpStatusCode ?? 400, { __type: `${EXCEPTIONS}${name}`, message, ...more });
  }
}

async function closed(server: Server): Promise<void> {
  const end = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await end;
}
