import { createHandler } from '../../functions/plan-mail/handler.ts';
import { contentOf } from '../../functions/send-mail/content.ts';
import type { GatherContext } from '../../functions/send-mail/kinds/kind.ts';
import { DAY_MS } from '../../shared/contracts/duration.ts';
import { formatInstant, type Instant } from '../../shared/contracts/instant.ts';
import { mailRows } from '../../shared/contracts/mail-rows.ts';
import { silentLog } from '../../shared/platform/logger.ts';
import { silentMetrics } from '../../shared/platform/metrics.ts';
import type { Stores } from '../../shared/store/dynamo-stores.ts';
import { backoff, untilDone } from './turns.ts';

/** An alert that an urgent mail tells of. */
export interface Told {
  mailId: string;
  to: string;
  kind: string;
}

/** Plans the urgent mails of a run with the real planner, and makes what they say as the sender does. */
export async function mailUrgently(run: Instant, stores: Stores): Promise<Told[]> {
  const announced: string[] = [];
  const queue = { announce: async (mailIds: readonly string[]) => void announced.push(...mailIds) };
  const deps = { ...stores, queue, holds: false, backoff, log: silentLog, metrics: silentMetrics };
  const plan = createHandler(deps) as unknown as (event: object) => Promise<void>;
  await untilDone(() => plan({ time: formatInstant(run) }));
  const told = announced.map(async (mailId) => {
    // Two planners may announce the same mail; who has its lease makes it.
    const job = await stores.mails.claim(mailId, run, run + DAY_MS);
    if (job?.kind !== 'urgent_alert') return [];
    const { config, version } = await stores.configs.inForce();
    const recipient = config.directory.people.find(({ id }) => id === job.personId);
    if (!recipient) throw new Error('a mail was announced that nobody gets');
    // An urgent mail reads no dead letters.
    const context = { ...({} as GatherContext), ...deps, config, version, recipient, asOf: job.dueAt };
    const { content } = await untilDone(() => contentOf('urgent_alert', job, context));
    return (content === null ? [] : mailRows(content)).map(({ kind }) => ({ mailId, to: job.personId, kind }));
  });
  return (await Promise.all(told)).flat();
}
