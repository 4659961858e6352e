import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../../shared/contracts/duration.ts';
import { NoConfigurationError } from '../../../shared/store/operations-store.ts';
import { sampleConfig } from '../../builders/config.ts';
import { sent } from '../../builders/events.ts';
import { at } from '../../builders/instants.ts';
import { logged, quarantined } from '../../builders/stored.ts';
import type { Stores } from './stores.ts';

const NOW = at('03-02 14:00');

/** Configuration: versions, and which is in force. */
export function configurationContract(stores: () => Stores): void {
  describe('the configuration', () => {
    it('cannot be read before one was pushed', async () => {
      await expect(stores().operations.config()).rejects.toThrow(NoConfigurationError);
    });

    it('is in force from its push, and the first push is remembered', async () => {
      const { operations } = stores();
      const version = await operations.pushConfig(sampleConfig(), NOW);
      expect(await operations.config()).toEqual({
        version,
        config: sampleConfig(),
        since: NOW,
        appliedVersion: version,
      });
    });

    it('keeps its version when it is pushed again', async () => {
      const { operations } = stores();
      const { version } = await operations.config();
      expect(await operations.pushConfig(sampleConfig(), NOW + HOUR_MS)).toBe(version);
      expect(await operations.config()).toMatchObject({ version, since: NOW });
    });

    it('changes for every worker when another is pushed, and back', async () => {
      const { operations, another } = stores();
      const first = (await operations.config()).version;
      const changed = sampleConfig();
      changed.directory.people = [];
      const second = await another().pushConfig(changed, NOW + HOUR_MS);
      expect(second).not.toBe(first);
      expect(await operations.config()).toEqual({
        version: second,
        config: changed,
        since: NOW,
        appliedVersion: first,
      });
      expect(await operations.markApplied(first)).toBe('conflict');
      expect(await operations.markApplied(second)).toBe('written');
      expect((await another().config()).appliedVersion).toBe(second);
      expect(await operations.pushConfig(sampleConfig(), NOW + 2 * HOUR_MS)).toBe(first);
      expect((await another().config()).config).toEqual(sampleConfig());
    });
  });
}

/** What ingest keeps beside referrals: quarantine, feeds, practices. */
export function intakeContract(stores: () => Stores): void {
  describe('the quarantine', () => {
    it('keeps what was refused, by reason', async () => {
      const { operations, quarantined: read } = stores();
      const item = quarantined('q-1', { file: 'events.ndjson', position: 3, body: '{"specversion":"1.0"}' });
      expect(await operations.quarantine(item)).toBe('written');
      await operations.quarantine(quarantined('q-1', { reason: 'malformed' }));
      expect(await read('invalid')).toEqual([item]);
      expect(await read('malformed')).toEqual([quarantined('q-1', { reason: 'malformed' })]);
      expect(await read('unmatched')).toEqual([]);
    });

    it('keeps a body whole that is longer than an item, however little it can be packed', async () => {
      const { operations, quarantined: read } = stores();
      const hash = (index: number): string => createHash('sha256').update(String(index)).digest('base64');
      const body = Array.from({ length: 25_000 }, (_, index) => hash(index)).join('');
      const long = quarantined('q-long', { reason: 'unmatched', body });
      expect(await operations.quarantine(long)).toBe('written');
      expect(await operations.quarantine(long)).toBe('conflict');
      expect(await read('unmatched')).toEqual([long]);
    });

    it('counts a redelivery once', async () => {
      const { operations, quarantined: read } = stores();
      await operations.quarantine(quarantined('q-2', { reason: 'limit' }));
      expect(await operations.quarantine(quarantined('q-2', { reason: 'limit', arrivedAt: NOW + HOUR_MS }))).toBe(
        'conflict',
      );
      expect(await read('limit')).toEqual([quarantined('q-2', { reason: 'limit' })]);
    });

    it('holds a body of 100,000 characters, and many of them', async () => {
      const { operations, quarantined: read } = stores();
      const body = 'ä'.repeat(100_000);
      const ids = Array.from({ length: 7 }, (_, index) => `q-large-${index}`);
      for (const id of ids) await operations.quarantine(quarantined(id, { reason: 'too_large', body }));
      const found = await read('too_large');
      expect(found.map(({ quarantineId }) => quarantineId).sort()).toEqual(ids);
      expect(found[0]?.body).toBe(body);
    });
  });

  describe('a feed', () => {
    it('is noted whenever it is heard', async () => {
      const { operations, lastHeard } = stores();
      expect(await lastHeard('labs')).toBeNull();
      await operations.feedHeard('labs', NOW);
      expect(await lastHeard('labs')).toBe(NOW);
      await operations.feedHeard('labs', NOW + 1);
      expect(await lastHeard('labs')).toBe(NOW + 1);
    });

    it('is never set back by an older heartbeat', async () => {
      const { operations, lastHeard } = stores();
      await operations.feedHeard('clinic', NOW);
      await operations.feedHeard('clinic', NOW - HOUR_MS);
      expect(await lastHeard('clinic')).toBe(NOW);
    });
  });

  describe('a practice', () => {
    const contacted = (subject: string, id: string, time: string) =>
      logged(sent('practice.contacted', time, { by: 'l-1' }, { subject, id }));
    const feedback = (subject: string, id: string, time: string, status: 'open' | 'answered') =>
      logged(sent('practice.feedback', time, { topic: 'fax', status }, { subject, id }));

    it('is known by nothing before its first event', async () => {
      expect(await stores().operations.practiceFacts(['p-unknown'])).toEqual([
        { practiceId: 'p-unknown', lastContactAt: null, openFeedback: [] },
      ]);
    });

    it('has the last contact and the feedback that is open, whatever order they arrived in', async () => {
      const { operations } = stores();
      for (const { event, arrivedAt } of [
        contacted('p-1', 'a', '03-03 10:00'),
        contacted('p-1', 'b', '03-02 10:00'),
        feedback('p-1', 'c', '03-03 12:00', 'open'),
        feedback('p-1', 'd', '03-03 11:00', 'answered'),
        feedback('p-2', 'c', '03-03 13:00', 'answered'),
        feedback('p-2', 'd', '03-03 12:00', 'open'),
      ]) {
        expect(await operations.appendPracticeEvent(event, arrivedAt)).toBe('written');
      }
      expect(await operations.practiceFacts(['p-2', 'p-1'])).toEqual([
        { practiceId: 'p-2', lastContactAt: null, openFeedback: [] },
        {
          practiceId: 'p-1',
          lastContactAt: at('03-03 10:00'),
          openFeedback: [{ topic: 'fax', since: at('03-03 12:00') }],
        },
      ]);
    });

    it('takes an event once', async () => {
      const { operations } = stores();
      const { event, arrivedAt } = contacted('p-3', 'a', '03-03 10:00');
      await operations.appendPracticeEvent(event, arrivedAt);
      expect(await operations.appendPracticeEvent(event, arrivedAt + HOUR_MS)).toBe('conflict');
    });
  });
}
