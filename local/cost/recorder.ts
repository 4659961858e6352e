import { AsyncLocalStorage } from 'node:async_hooks';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { callsOf, isMetered, type Metered } from '../memory-dynamo/metering.ts';
import { assertAlive, Crash, CrashPlan, type Run } from './crash.ts';
import { DynamoDbMeter, NO_UNITS, type Send, type Units } from './dynamodb-meter.ts';
import type { Item } from './item-size.ts';
import { leadingKeysOf } from './leading-keys.ts';
import type { TableSpec } from './model.ts';

export { Crash } from './crash.ts';

/** One call of an AWS service. */
export interface Call extends Units {
  readonly functionName: string;
  /** In lower case, as in IAM: `dynamodb`, `sqs`. */
  readonly service: string;
  readonly action: string;
  /**
   * The resources of the call: table, `table/index`, queue URL, topic or bucket; for a mail `identity/<sender>` and
   * `configuration-set/<name>`, as both need a permission. Empty if the input names none.
   */
  readonly resources: readonly string[];
  /** The partition keys that a call of DynamoDB names, each once; of a query on an index the index's. Empty for a scan. */
  readonly leadingKeys: readonly string[];
  /** `ok`, the error's name, or `unanswered` while it is in flight. */
  outcome: string;
}

/** The calls of one function. */
export interface FunctionSummary {
  requests: number;
  /** By `service:Action`, as IAM writes it. */
  byAction: Record<string, number>;
  readUnits: number;
  writeUnits: number;
}

/** The part of an SDK v3 client that is needed, which every client has. */
interface RecordableClient {
  readonly middlewareStack: {
    add(middleware: Middleware, options: { step: 'initialize'; priority: 'high'; name: string }): void;
  };
}
type Handler = (args: { input: object }) => ReturnType<Send>;
type Middleware = (next: Handler, context: { clientName?: string; commandName?: string }) => Handler;

/** The name for calls that were made outside `during`. */
const UNNAMED = 'unnamed';

/**
 * Records every call of the attached clients by function, with DynamoDB's request units by AWS's rules. It can also
 * stop a function at a chosen call, so that tests can crash it at each of its calls.
 */
export class Recorder {
  /** Calls in the order in which they were sent. */
  readonly calls: Call[] = [];
  readonly #meter: DynamoDbMeter;
  readonly #plan = new CrashPlan();
  readonly #runs = new AsyncLocalStorage<Run>();
  readonly #unrecorded = new AsyncLocalStorage<boolean>();
  #outside = newRun(UNNAMED);

  /** `tables` are all the tables that the clients will use; `tableSpec` makes them from CloudFormation. */
  constructor(tables: readonly TableSpec[]) {
    this.#meter = new DynamoDbMeter(tables);
  }

  /**
   * Records what a client sends from now on. It is the outermost middleware of the SDK: a call that the SDK retries is
   * one call here, and a crash is never retried.
   */
  attach(client: RecordableClient): void {
    const middleware: Middleware = (next, context) => (args) => {
      if (this.#unrecorded.getStore()) return next(args);
      return this.#send(next, context, args, client);
    };
    client.middlewareStack.add(middleware, { step: 'initialize', priority: 'high', name: 'loopwatchRecorder' });
  }

  /**
   * Runs `work` as one invocation of a function: its calls carry the name, and a crash in one of them ends them all. A
   * crashed invocation rejects with `Crash` even if the function caught it, as a dead process returns nothing.
   */
  async during<T>(functionName: string, work: () => Promise<T>): Promise<T> {
    const life = this.#runs.getStore()?.life ?? { dead: false };
    const run: Run = { functionName, life };
    try {
      return await this.#runs.run(run, work);
    } finally {
      // Throws instead of any error or result.
      assertAlive(run);
    }
  }

  /** Crashes the function just before the `call`th call from now (counted from 1) is sent. */
  crashBefore(call: number, functionName?: string): void {
    this.#plan.arm('before', call, functionName);
  }

  /** Crashes the function when the `call`th call from now is answered, before the function sees the answer. */
  crashAfter(call: number, functionName?: string): void {
    this.#plan.arm('after', call, functionName);
  }

  /** Requests and units by function name. */
  summary(): Record<string, FunctionSummary> {
    const summaries: Record<string, FunctionSummary> = {};
    for (const call of this.calls) {
      summaries[call.functionName] ??= { requests: 0, byAction: {}, readUnits: 0, writeUnits: 0 };
      const summary = summaries[call.functionName] as FunctionSummary;
      const action = `${call.service}:${call.action}`;
      summary.requests += 1;
      summary.byAction[action] = (summary.byAction[action] ?? 0) + 1;
      summary.readUnits += call.readUnits;
      summary.writeUnits += call.writeUnits;
    }
    return summaries;
  }

  /** Starts counting again, cancels a crash that has not happened, and ends a crash outside `during`. */
  reset(): void {
    this.calls.length = 0;
    this.#plan.disarm();
    this.#outside = newRun(UNNAMED);
  }

  /** Notes items that were written without the recorder, as the item before a write decides what the write costs. */
  seed(tableName: string, items: readonly Item[]): void {
    this.#meter.seed(tableName, items);
  }

  /** The first entry that a query would read, from the writes that the recorder has seen. No call is made. */
  first(tableName: string, query: Parameters<DynamoDbMeter['first']>[1]): Item | undefined {
    return this.#meter.first(tableName, query);
  }

  /** Forgets all items, for tables that were made again. */
  forget(): void {
    this.#meter.forget();
  }

  async #send(
    next: Handler,
    context: Parameters<Middleware>[1],
    args: { input: object },
    client: RecordableClient,
  ): ReturnType<Handler> {
    const run = this.#runs.getStore() ?? this.#outside;
    assertAlive(run);
    const crash = this.#plan.sideOf(run);
    if (crash === 'before') {
      run.life.dead = true;
      throw new Crash(run.functionName);
    }
    const call: Call = {
      functionName: run.functionName,
      service: (context.clientName ?? '').replace(/Client$/, '').toLowerCase(),
      action: (context.commandName ?? '').replace(/Command$/, ''),
      resources: resourcesOf(args.input),
      leadingKeys: leadingKeysOf(args.input),
      outcome: 'unanswered',
      ...NO_UNITS,
    };
    const send: Send = async (input) => {
      // Another call of the invocation may have crashed while this one waited for its turn.
      assertAlive(run);
      this.calls.push(call);
      try {
        return await next({ ...args, input });
      } finally {
        // Checked here and not further out, or a write that waits for this one would still be sent.
        if (crash === 'after') run.life.dead = true;
      }
    };
    const answered = (outcome: string) => {
      call.outcome = outcome;
      // Also for a call in flight when another one crashed: the table may have applied it, but the function gets no
      // answer.
      assertAlive(run);
    };
    try {
      const result = await this.#metered(call, args.input, send, client);
      answered('ok');
      return result;
    } catch (error) {
      if (!(error instanceof Crash)) answered(error instanceof Error ? error.name : String(error));
      throw error;
    }
  }

  #metered(call: Call, input: object, send: Send, client: RecordableClient): ReturnType<Send> {
    if (call.service !== 'dynamodb') return send(input);
    const report = (units: Units) => Object.assign(call, units);
    if (isMetered(client)) return asMetered(input, send, report);
    const look = (tableName: string, key: Item) =>
      this.#unrecorded.run(true, async () => {
        if (!(client instanceof DynamoDBClient)) throw new Error('Only a DynamoDBClient can be costed');
        const answer = await client.send(new GetItemCommand({ TableName: tableName, Key: key, ConsistentRead: true }));
        return answer.Item;
      });
    return this.#meter.send(call.action, input, send, report, look);
  }
}

/** A call of tables in memory, which say themselves what it cost. */
async function asMetered(input: object, send: Send, report: (units: Units) => void): ReturnType<Send> {
  try {
    const result = await send(input);
    report(unitsOf(callsOf(result.output)));
    return result;
  } catch (error) {
    if (error instanceof Error) report(unitsOf(callsOf(error)));
    throw error;
  }
}

function unitsOf(calls: readonly Metered[]): Units {
  const units = { ...NO_UNITS, indexWriteUnits: {} as Record<string, number> };
  for (const { readUnits, writeUnits, indexWriteUnits } of calls) {
    units.readUnits += readUnits;
    units.writeUnits += writeUnits;
    for (const [index, more] of Object.entries(indexWriteUnits)) {
      units.indexWriteUnits[index] = (units.indexWriteUnits[index] ?? 0) + more;
    }
  }
  return units;
}

function newRun(functionName: string): Run {
  return { functionName, life: { dead: false } };
}

const RESOURCE_FIELDS = ['QueueUrl', 'TopicArn', 'Bucket', 'QueueName'];
const MAIL_FIELDS = { Source: 'identity', ConfigurationSetName: 'configuration-set' };

function resourcesOf(input: object): string[] {
  const fields = input as Record<string, unknown>;
  if (typeof fields.TableName === 'string') {
    return [typeof fields.IndexName === 'string' ? `${fields.TableName}/${fields.IndexName}` : fields.TableName];
  }
  if (typeof fields.RequestItems === 'object') return Object.keys(fields.RequestItems ?? {});
  const mail = Object.entries(MAIL_FIELDS).filter(([name]) => typeof fields[name] === 'string');
  if (mail.length > 0) return mail.map(([name, kind]) => `${kind}/${fields[name]}`);
  return RESOURCE_FIELDS.map((name) => fields[name]).filter((value) => typeof value === 'string');
}
