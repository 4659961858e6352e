import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { historyInFolder } from '../../../local/explain/history.ts';
import { sampleConfig } from '../../builders/config.ts';
import { receivedData, sent } from '../../builders/events.ts';
import { logged } from '../../builders/stored.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const folder = temporaryFolder();

describe('the mails of a referral', () => {
  it('tell whose they are where somebody else received them', () => {
    const config = sampleConfig();
    const [one, two] = config.directory.people;
    if (!one || !two) throw new Error('the sample organization has people');
    const mail = (forPersonId: string, recipient: string) => ({
      mailId: `${forPersonId} ${recipient}`,
      kind: 'coordinator_digest',
      recipient,
      forPersonId,
      period: '2026-03-03',
      sentAt: '2026-03-03T12:00:00.000Z',
      rows: [{ referralId: 'R-1', kind: 'acceptance', section: 'due', also: [] }],
    });
    const mails = [
      mail(one.id, one.email),
      mail(one.id, two.email),
      mail('operations', config.directory.organization.operationsMailbox),
      mail('gone', one.email),
    ];
    const write = (name: string, rows: readonly object[]): void =>
      writeFileSync(join(folder, name), rows.map((row) => JSON.stringify(row)).join('\n'));
    write('log.ndjson', [logged(sent('referral.received', '03-02 14:00', receivedData()))]);
    write('alerts.ndjson', []);
    write('mail.ndjson', mails);
    write('config.json', [config]);
    write('summary.json', [{ until: '2026-03-04T00:00:00.000Z' }]);
    const history = historyInFolder(folder, 'R-1');
    expect(history?.mails.map(({ insteadOf }) => insteadOf)).toEqual([null, one.id, null, 'gone']);
  });
});
