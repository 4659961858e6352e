import type { MailKind } from '../../shared/contracts/vocabulary.ts';
import type { MailJob } from '../../shared/store/mail-store.ts';
import type { ReportStore } from '../../shared/store/report-store.ts';
import { coordinatorDigestKind } from './kinds/coordinator-digest.ts';
import type { Charts, ContentOf, GatherContext, Kind } from './kinds/kind.ts';
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

/** Makes what a mail says. Null: there is nothing to say. */
export async function contentOf<K extends MailKind>(
  kind: K,
  job: MailJob,
  context: GatherContext,
): Promise<ContentOf<K> | null> {
  const { gather, decide }: Kind<K, Gathered[K]> = KINDS[kind];
  return decide(await gather(job, context));
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
