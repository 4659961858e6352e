import { InvalidArgumentError, Option } from 'commander';
import { STAGE_NAME } from '../../infra/settings.ts';
import { dateText, type Instant, parseInstant } from '../../shared/contracts/instant.ts';
import { ALERT_KINDS, type AlertKind } from '../../shared/contracts/vocabulary.ts';
import { REFERRAL_HASH } from '../../shared/platform/referral-hash.ts';
import { LIKENESSES } from '../simulate/profile.ts';

/** These read values on the command line. What they refuse is wrong usage. */

export function count(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1) throw new InvalidArgumentError('expected a positive integer');
  return value;
}

/** A name, without outer spaces. */
export function name(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('expected a name');
  return text.trim();
}

export function seed(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('expected an integer from 0 to 999999999');
  return Number(text);
}

export function share(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1))
    throw new InvalidArgumentError('expected a number from 0 to 1');
  return value;
}

export function instant(text: string): Instant {
  const value = parseInstant(text);
  if (value === null)
    throw new InvalidArgumentError(
      'expected a date and time with its offset, such as 2026-03-25T12:00:00Z or 2026-03-25T12:00:00-05:00',
    );
  return value;
}

export function date(text: string): string {
  if (!dateText.safeParse(text).success) throw new InvalidArgumentError('expected a date such as 2026-12-25');
  return text;
}

/** Kind of the alert that somebody means; `all` means every open one of the referral. */
export function alertKind(text: string): AlertKind | 'all' {
  const kinds = [...ALERT_KINDS, 'all'] as const;
  const kind = kinds.find((known) => known === text);
  if (!kind) throw new InvalidArgumentError(`expected one of ${kinds.join(', ')}`);
  return kind;
}

/** The name of a deployed stage, as in the names of its tables and queues. */
export function stage(text: string): string {
  if (!STAGE_NAME.test(text)) throw new InvalidArgumentError('expected 1 to 16 lower-case letters and digits');
  return text;
}

/** The hash by which a log names a referral. */
export function referralHashText(text: string): string {
  if (!REFERRAL_HASH.test(text)) throw new InvalidArgumentError('expected 32 hex digits in lower case');
  return text;
}

export function url(text: string): string {
  if (!URL.canParse(text)) throw new InvalidArgumentError('expected a URL');
  return text;
}

/** Which of the simulator's organizations is meant. */
export function likeness(): Option {
  return new Option('--like <what>', 'an organization with too much to do, with little, or a clinic').choices(
    LIKENESSES,
  );
}
