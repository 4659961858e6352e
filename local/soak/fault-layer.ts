import { AsyncLocalStorage } from 'node:async_hooks';
import { DynamoDBServiceException } from '@aws-sdk/client-dynamodb';
import { SESServiceException } from '@aws-sdk/client-ses';
import { SQSServiceException } from '@aws-sdk/client-sqs';
import type { FunctionName } from '../../infra/settings.ts';
import { assertAlive, Crash, type Run } from '../cost/crash.ts';
import type { Between } from '../memory-stage/memory-stage.ts';
import type { Random } from '../simulate/random.ts';

export const FAULTS = [
  'throttled',
  'timed out before effect',
  'timed out after effect',
  'unprocessed items',
  'killed before a call',
  'killed after a call',
  'SES answer lost',
  'configuration unread',
] as const;
export type Fault = (typeof FAULTS)[number];
export type Service = 'dynamodb' | 'sqs' | 'ses';

/** What goes wrong at present. */
export interface Weather {
  /** The share of calls that fail. */
  rate: number;
  /** Of which service every call fails. */
  down: readonly Service[];
  /** The share of readings of the configuration that fail. */
  configRate: number;
  /** Answers come in any order. */
  jitter: boolean;
}

export const FAIR: Weather = { rate: 0, down: [], configRate: 0, jitter: false };

type Weights = Partial<Record<Fault, number>>;
const WEIGHTS: Weights = {
  throttled: 3,
  'timed out before effect': 2,
  'timed out after effect': 3,
  'killed before a call': 1,
  'killed after a call': 1,
};
const OF_SES: Weights = { throttled: 2, 'timed out before effect': 1, 'SES answer lost': 6, 'killed after a call': 1 };
const MOST_TURNS = 6;

interface Call {
  service: Service;
  action: string;
  input: object;
}
interface Client {
  constructor: { name: string };
  send(command: { input: object; constructor: { name: string } }, ...rest: unknown[]): Promise<unknown>;
}

/**
 * Faults in the clients of the SDK, by a seed: each call of a function fails as it may in AWS, once the SDK's own attempts
 * are over. It stands outermost, so nothing below it tries again.
 */
export class FaultLayer implements Between {
  weather: Weather = FAIR;
  readonly counts: Partial<Record<Fault, number>> = {};
  /** When the last fault was, by `now`. */
  lastAt = Number.NEGATIVE_INFINITY;
  readonly #random: Random;
  readonly #now: () => number;
  readonly #onKilled: (name: FunctionName) => void;
  readonly #runs = new AsyncLocalStorage<Run>();

  /** @param options `now`: simulated time; `onKilled` is told whose process has ended */
  constructor(random: Random, options: { now: () => number; onKilled: (name: FunctionName) => void }) {
    this.#random = random;
    this.#now = options.now;
    this.#onKilled = options.onKilled;
  }

  attach(client: object): void {
    const faulty = client as Client;
    const service = faulty.constructor.name.replace(/Client$/, '').toLowerCase() as Service;
    const send = faulty.send.bind(faulty);
    faulty.send = (command, ...rest) => {
      const action = command.constructor.name.replace(/Command$/, '');
      const ask = (input: object): Promise<unknown> =>
        send(input === command.input ? command : Reflect.construct(command.constructor as never, [input]), ...rest);
      return this.#send({ service, action, input: command.input }, ask);
    };
  }

  async during<T>(name: FunctionName, work: () => Promise<T>): Promise<T> {
    const run: Run = { functionName: name, life: { dead: false } };
    try {
      return await this.#runs.run(run, work);
    } finally {
      if (run.life.dead) this.#onKilled(name);
      assertAlive(run);
    }
  }

  /** How many faults there were. */
  get total(): number {
    return Object.values(this.counts).reduce((sum, count) => sum + count, 0);
  }

  async #send(call: Call, ask: (input: object) => Promise<unknown>): Promise<unknown> {
    const run = this.#runs.getStore();
    // Nobody's call: a test or a tool looks.
    if (run === undefined) return ask(call.input);
    assertAlive(run);
    if (this.weather.jitter) await this.#wait();
    const fault = this.#draw(call);
    if (fault !== null) this.#count(fault);
    const answer = await this.#withFault(fault, call, run, ask);
    // The process may have died meanwhile, of another call.
    assertAlive(run);
    return answer;
  }

  async #withFault(
    fault: Fault | null,
    call: Call,
    run: Run,
    ask: (input: object) => Promise<unknown>,
  ): Promise<unknown> {
    switch (fault) {
      case null:
        return ask(call.input);
      case 'throttled':
        throw throttled(call.service);
      case 'timed out before effect':
      case 'configuration unread':
        throw timedOut();
      case 'timed out after effect':
      case 'SES answer lost':
        await ask(call.input);
        throw timedOut();
      case 'unprocessed items':
        return inPart(call, ask);
      case 'killed before a call':
        run.life.dead = true;
        throw new Crash(run.functionName);
      case 'killed after a call':
        await ask(call.input).finally(() => {
          run.life.dead = true;
        });
        throw new Crash(run.functionName);
    }
  }

  #draw({ service, action, input }: Call): Fault | null {
    const { rate, down, configRate } = this.weather;
    const random = this.#random;
    if (configRate > 0 && isConfig(input) && random.chance(configRate)) return 'configuration unread';
    if (down.includes(service)) return random.chance(0.5) ? 'throttled' : 'timed out before effect';
    if (rate === 0 || !random.chance(rate)) return null;
    if (service === 'ses') return random.weighted(action === 'SendRawEmail' ? OF_SES : { throttled: 1 });
    const canBePart = PARTIAL.includes(action);
    return random.weighted({ ...WEIGHTS, ...(canBePart && { 'unprocessed items': 20 }) });
  }

  #count(fault: Fault): void {
    this.counts[fault] = (this.counts[fault] ?? 0) + 1;
    this.lastAt = this.#now();
  }

  async #wait(): Promise<void> {
    for (let turns = this.#random.int(0, MOST_TURNS); turns > 0; turns -= 1) await Promise.resolve();
  }
}

const PARTIAL: readonly string[] = ['BatchGetItem', 'SendMessageBatch'];

const isConfig = (input: object): boolean => (input as { Key?: { pk?: { S?: string } } }).Key?.pk?.S === 'config';

const MESSAGE = { message: 'Rate exceeded', $fault: 'client', $metadata: { httpStatusCode: 400 } } as const;

function throttled(service: Service): Error {
  switch (service) {
    case 'dynamodb':
      return new DynamoDBServiceException({ ...MESSAGE, name: 'ThrottlingException' });
    case 'sqs':
      return new SQSServiceException({ ...MESSAGE, name: 'RequestThrottled' });
    case 'ses':
      return new SESServiceException({ ...MESSAGE, name: 'Throttling', message: 'Maximum sending rate exceeded.' });
  }
}

const timedOut = (): Error => Object.assign(new Error('the connection was lost'), { name: 'TimeoutError' });

type Keys = Record<string, { Keys: object[] }>;

/** Does half of a batch and says that the rest is left. */
async function inPart({ action, input }: Call, ask: (input: object) => Promise<unknown>): Promise<unknown> {
  if (action === 'SendMessageBatch') {
    const { Entries, ...rest } = input as { Entries: { Id: string }[] };
    const half = Math.floor(Entries.length / 2);
    const Failed = Entries.slice(half).map(({ Id }) => ({ Id, Code: 'InternalError', SenderFault: false }));
    const taken = half === 0 ? { Successful: [] } : await ask({ ...rest, Entries: Entries.slice(0, half) });
    return { ...(taken as object), Failed };
  }
  const { RequestItems, ...rest } = input as { RequestItems: Keys };
  const split = (side: (keys: object[]) => object[]): Keys =>
    Object.fromEntries(
      Object.entries(RequestItems).map(([table, request]) => [table, { ...request, Keys: side(request.Keys) }]),
    );
  const half = ({ length }: object[]): number => Math.floor(length / 2);
  const asked = split((keys) => keys.slice(0, half(keys)));
  const UnprocessedKeys = split((keys) => keys.slice(half(keys)));
  const isNothing = Object.values(asked).every(({ Keys }) => Keys.length === 0);
  const answer = isNothing ? { Responses: {} } : await ask({ ...rest, RequestItems: asked });
  return { ...(answer as object), UnprocessedKeys };
}
