import { type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Crash, Recorder } from '../../../local/cost/recorder.ts';
import { type LocalTable, spec, startLocalTable, TABLE } from './local-table.ts';

let table: LocalTable;
let client: DynamoDBClient;
let recorder: Recorder;

beforeEach(async () => {
  table = await startLocalTable();
  client = table.client();
  recorder = new Recorder([spec]);
  recorder.attach(client);
});
afterEach(() => table.stop());

const key = (sk: string) => ({ pk: { S: 'R1' }, sk: { S: sk } });
const put = (sk: string, week?: string) =>
  client.send(new PutItemCommand({ TableName: TABLE, Item: { ...key(sk), ...(week && { week: { S: week } }) } }));

/** Which of the items another client finds in the table. */
async function written(...sks: string[]): Promise<string[]> {
  const other = table.client();
  const answers = await Promise.all(
    sks.map((sk) => other.send(new GetItemCommand({ TableName: TABLE, Key: key(sk), ConsistentRead: true }))),
  );
  return sks.filter((_, i) => answers[i]?.Item !== undefined);
}

const writeThree = () =>
  recorder.during('ingest-events', async () => {
    await put('A');
    await put('B');
    await put('C');
  });

describe('a crash', () => {
  it('before a call leaves its write undone', async () => {
    recorder.crashBefore(2);
    await expect(writeThree()).rejects.toThrow(Crash);
    expect(await written('A', 'B', 'C')).toEqual(['A']);
    expect(recorder.calls).toHaveLength(1);
  });

  it('after a call leaves its write done', async () => {
    recorder.crashAfter(2);
    await expect(writeThree()).rejects.toThrow(Crash);
    expect(await written('A', 'B', 'C')).toEqual(['A', 'B']);
    expect(recorder.calls.map((call) => call.outcome)).toEqual(['ok', 'ok']);
  });

  it('can be placed at every call that a first run counted', async () => {
    await writeThree();
    const calls = recorder.calls.length;
    for (let call = 1; call <= calls; call++) {
      recorder.reset();
      recorder.crashAfter(call);
      await expect(writeThree()).rejects.toThrow(Crash);
      expect(recorder.calls).toHaveLength(call);
    }
  });

  it('after a call hides its error as well', async () => {
    await put('A');
    recorder.crashAfter(1);
    const write = new PutItemCommand({
      TableName: TABLE,
      Item: key('A'),
      ConditionExpression: 'attribute_not_exists(pk)',
    });
    await expect(client.send(write)).rejects.toThrow(Crash);
    expect(recorder.calls.at(-1)).toMatchObject({ outcome: 'ConditionalCheckFailedException', writeUnits: 1 });
  });

  it('is never retried by the SDK', async () => {
    recorder.crashBefore(1);
    await expect(put('A')).rejects.toThrow(Crash);
    expect(recorder.calls).toHaveLength(0);
    expect(await written('A')).toEqual([]);
  });

  it('ends the run, however often it retries and whatever it catches', async () => {
    recorder.crashBefore(1);
    const stubborn = recorder.during('ingest-events', async () => {
      for (const sk of ['A', 'B', 'C']) await put(sk).catch(() => undefined);
      return { batchItemFailures: [] };
    });
    await expect(stubborn).rejects.toThrow(Crash);
    expect(await written('A', 'B', 'C')).toEqual([]);
  });

  it('ends calls in flight and calls that wait for their turn', async () => {
    recorder.crashAfter(1);
    const outcomes = await recorder
      .during('ingest-events', () => Promise.allSettled([put('A', 'w1'), put('A', 'w2'), put('B')]))
      .then(
        () => 'went on',
        (error: unknown) => error,
      );
    expect(outcomes).toBeInstanceOf(Crash);
    // The write of B was on its way. Like the first write of A it may have landed, and the shadow has it.
    expect(recorder.calls.map((call) => call.outcome)).toEqual(['ok', 'ok']);
    expect(await written('A', 'B')).toEqual(['A', 'B']);
  });

  it('affects neither other runs nor the next run of the same function', async () => {
    recorder.crashBefore(1, 'ingest-events');
    await recorder.during('send-mail', () => put('M'));
    await expect(writeThree()).rejects.toThrow(Crash);
    await writeThree();
    expect(await written('M', 'A', 'B', 'C')).toEqual(['M', 'A', 'B', 'C']);
  });

  it('outside a run lasts until the reset', async () => {
    recorder.crashBefore(1);
    await expect(put('A')).rejects.toThrow(Crash);
    await expect(put('A')).rejects.toThrow(Crash);
    recorder.reset();
    await put('A');
    expect(await written('A')).toEqual(['A']);
  });

  it('that has not happened is cancelled by the reset', async () => {
    recorder.crashBefore(2);
    recorder.reset();
    await writeThree();
    expect(await written('A', 'B', 'C')).toEqual(['A', 'B', 'C']);
  });

  it('keeps the cost of later writes right, as items that were written stay known', async () => {
    recorder.crashAfter(1);
    await expect(put('A', 'w1')).rejects.toThrow(Crash);
    recorder.reset();
    await put('A', 'w2');
    expect(recorder.calls.at(-1)).toMatchObject({ writeUnits: 3, indexWriteUnits: { cohort: 2 } });
  });

  it('needs a count from 1', () => {
    expect(() => recorder.crashBefore(0)).toThrow(RangeError);
    expect(() => recorder.crashAfter(1.5)).toThrow(RangeError);
  });
});

describe('a run that fails by itself', () => {
  it('passes its error on', async () => {
    await expect(recorder.during('send-mail', () => Promise.reject(new Error('no template')))).rejects.toThrow(
      'no template',
    );
  });

  it('returns its value when it succeeds', async () => {
    expect(await recorder.during('send-mail', async () => 7)).toBe(7);
  });
});
