import { DAY_MS } from '../../shared/contracts/duration.ts';
import { formatInstant, type Instant } from '../../shared/contracts/instant.ts';
import { type Arrival, endOfDay } from './input.ts';
import { InputError } from './input-error.ts';

/** Years of simulated time that a replay runs through: each brings its digests and reports, whether or not anything arrives. */
const MOST_YEARS = 10;
const YEAR_MS = 365.25 * DAY_MS;

/** Where simulated time begins and ends, and what it meets on the way. */
export interface Span {
  arrivals: readonly Arrival[];
  until: Instant;
  /** What arrives before it is taken in at once, as history. */
  liveFrom?: Instant;
  /** Of the organization. */
  timeZone: string;
}

/**
 * Refuses to run through more years than anybody waits for: a single date in a wrong year would bring all those between.
 * @throws InputError that names the lines on both sides of the longest time without any, and what to do
 */
export function checkSpan({ arrivals, until, liveFrom = Number.NEGATIVE_INFINITY, timeZone }: Span): void {
  const inOrder = arrivals
    .filter(({ deliverAt }) => deliverAt <= until && deliverAt >= liveFrom)
    .sort((a, b) => a.deliverAt - b.deliverAt);
  const [first] = inOrder;
  const last = inOrder.at(-1);
  if (!first || !last || until - first.deliverAt <= MOST_YEARS * YEAR_MS) return;
  const [before, after, count] = longestGap(inOrder);
  const gap = after === null ? 0 : after.deliverAt - before.deliverAt;
  const limit = `A replay runs through ${MOST_YEARS} years at most.`;
  if (until - last.deliverAt > gap) {
    throw new InputError(
      `--until is ${years(until - last.deliverAt)} after the last message, ${placeOf(last)}. ${limit}`,
    );
  }
  if (after === null || gap < YEAR_MS) {
    throw new InputError(
      `the messages are spread over ${years(last.deliverAt - first.deliverAt)}, from ${placeOf(first)} to ${placeOf(last)}. ${limit} ` +
        `${asHistory(endOfDay(until - MOST_YEARS * YEAR_MS, timeZone))}, or --until ends it sooner.`,
    );
  }
  const isEarly = count <= inOrder.length / 2;
  const [odd, other] = isEarly ? [before, after] : [after, before];
  const oddCount = isEarly ? count : inOrder.length - count;
  const more = oddCount > 1 ? `, and ${oddCount - 1} more,` : '';
  const side = isEarly ? 'before the next message' : 'after the message before it';
  const remedy = isEarly
    ? `${asHistory(endOfDay(after.deliverAt, timeZone) - DAY_MS)}.`
    : `--until ${formatInstant(endOfDay(before.deliverAt, timeZone))} leaves it out.`;
  throw new InputError(
    `${placeOf(odd)}${more} is ${years(gap)} ${side}, ${placeOf(other)}. ${limit} If the date is wrong, correct it; if it is right, ${remedy}`,
  );
}

const asHistory = (from: Instant): string =>
  `--live-from ${formatInstant(from)} takes in what came before as history, without its alerts, mails and reports`;

/** The messages on both sides of the longest time without any, and how many come before it. */
function longestGap(inOrder: readonly Arrival[]): [before: Arrival, after: Arrival | null, count: number] {
  let longest: [Arrival, Arrival | null, number] = [inOrder[0] as Arrival, null, inOrder.length];
  let length = -1;
  for (const [index, after] of inOrder.entries()) {
    const before = inOrder[index - 1];
    if (before === undefined || after.deliverAt - before.deliverAt <= length) continue;
    longest = [before, after, index];
    length = after.deliverAt - before.deliverAt;
  }
  return longest;
}

const placeOf = ({ attributes, deliverAt }: Arrival): string =>
  `${attributes?.file} line ${attributes?.position} of ${formatInstant(deliverAt).slice(0, 10)}`;

const years = (span: number): string => `${Math.round(span / YEAR_MS)} years`;
