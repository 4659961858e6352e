import type { SQSRecord } from 'aws-lambda';

/** The records of a batch that have to come back, and why. */
export class Failures {
  readonly #reasons = new Map<SQSRecord, unknown>();

  add(record: SQSRecord, reason: unknown): void {
    if (!this.#reasons.has(record)) this.#reasons.set(record, reason);
  }

  has(record: SQSRecord): boolean {
    return this.#reasons.has(record);
  }

  resultOf(record: SQSRecord): PromiseSettledResult<unknown> {
    if (this.has(record)) return { status: 'rejected', reason: this.#reasons.get(record) };
    return { status: 'fulfilled', value: undefined };
  }
}
