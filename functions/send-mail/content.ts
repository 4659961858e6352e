import type { MailKind } from '../../shared/contracts/vocabulary.ts';
import { viewOf } from '../../shared/mail/render-mail.tsx';
import { computing, LastingError } from '../../shared/platform/lasting-error.ts';
import type { MailJob } from '../../shared/store/mail-store.ts';
import type { ReportStore } from '../../shared/store/report-store.ts';
import { isNotTheReferrals } from '../../shared/store/set-aside-store.ts';
import { coordinatorDigestKind } from './kinds/coordinator-digest.ts';
import type { Aside, Charts, ContentOf, GatherContext, Kind } from './kinds/kind.ts';
import { liaisonDigestKind } from './kinds/liaison-digest.ts';
import { operationsMailKind } from './kinds/operations-mail.ts';
import { reportMailKind } from './kinds/report-mail.ts';
import { urgentAlertKind } from './kinds/urgent-alert.ts';

const kinds = {
  coordinator_digest: coordinatorDigestKind,
  liaison_digest: liaisonDigestKind,
  urgent_alert: urgentAlertKind,
  weekly_report: reportMailKind,
  operations: operationsMailKind,
};

type Gathered = { [K in MailKind]: Awaited<ReturnType<(typeof kinds)[K]['gather']>> };

/** How each kind of mail is made. Each `decide` takes only what the `gather` of its own kind returns. */
export const KINDS: { readonly [K in MailKind]: Kind<K, Gathered[K]> } = kinds;

/** What a mail says, and the referrals that were met on the way and have to be set aside. */
export interface Made<K extends MailKind> {
  /** Null: there is nothing to say. */
  content: ContentOf<K> | null;
  asides: Map<string, LastingError>;
  /** How many referrals didn't fail. */
  succeeded: number;
  /** Other items that can't be read and are left out. */
  unread: LastingError[];
}

/** Makes what a mail says, without the referrals that can't be read or computed on: it names these. */
export async function contentOf<K extends MailKind>(
  kind: K,
  job: MailJob,
  context: Omit<GatherContext, 'aside' | 'unread'>,
): Promise<Made<K>> {
  const { gather, decide, without, referralsOf }: Kind<K, Gathered[K]> = KINDS[kind];
  const asides: Made<K>['asides'] = new Map();
  const unshown = new Set<string>();
  const aside: Aside = (referralId, error, { isShown = false } = {}) => {
    asides.set(referralId, error);
    if (!isShown) unshown.add(referralId);
  };
  const unread: LastingError[] = [];
  const gathered = await gather(job, { ...context, aside, unread: (error) => unread.push(error) });
  const all = referralsOf?.(gathered) ?? [];
  const left = () => ({ asides, unread, succeeded: all.filter((referralId) => !asides.has(referralId)).length });
  const said = (from: Gathered[K]): ContentOf<K> | null =>
    computing(() => {
      const content = decide(from);
      // What can't be put into words would fail the mail at every try, once it is frozen.
      if (content !== null) viewOf(content, context.config);
      return content;
    });
  if (without === undefined || referralsOf === undefined) return { content: said(gathered), ...left() };
  const made = (out: ReadonlySet<string>) => said(out.size === 0 ? gathered : without(gathered, out));
  try {
    return { content: made(unshown), ...left() };
  } catch (error) {
    if (!(error instanceof LastingError)) throw error;
  }
  const bad = failing(all, (only) => made(new Set(all.filter((referralId) => !only.includes(referralId)))));
  if (!isNotTheReferrals(bad.size, all.length - bad.size))
    for (const [referralId, error] of bad) aside(referralId, error);
  return { content: made(unshown), ...left() };
}

/** Which of some referrals an attempt fails on, in few attempts if they are few. */
function failing(
  referralIds: readonly string[],
  attempt: (only: readonly string[]) => unknown,
): Map<string, LastingError> {
  try {
    attempt(referralIds);
    return new Map();
  } catch (error) {
    if (!(error instanceof LastingError)) throw error;
    const [first] = referralIds;
    if (first === undefined) return new Map();
    if (referralIds.length === 1) return new Map([[first, error]]);
    const half = Math.ceil(referralIds.length / 2);
    return new Map([...failing(referralIds.slice(0, half), attempt), ...failing(referralIds.slice(half), attempt)]);
  }
}

/** The charts that a mail shows, as PNG, by name. */
export async function chartsOf<K extends MailKind>(
  kind: K,
  content: ContentOf<K>,
  reports: ReportStore,
): Promise<Charts> {
  const { readCharts }: Kind<K, Gathered[K]> = KINDS[kind];
  return readCharts === undefined ? {} : readCharts(content, reports);
}
