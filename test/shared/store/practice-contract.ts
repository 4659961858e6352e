import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../../shared/contracts/duration.ts';
import { sent } from '../../builders/events.ts';
import { at } from '../../builders/instants.ts';
import { logged } from '../../builders/stored.ts';
import type { TestedStores } from './stores.ts';

/** Events of practices, and what they say. */
export function practiceContract(stores: () => TestedStores): void {
  describe('a practice', () => {
    const contacted = (subject: string, id: string, time: string) =>
      logged(sent('practice.contacted', time, { by: 'l-1' }, { subject, id }));
    const feedback = (subject: string, id: string, time: string, status: 'open' | 'answered') =>
      logged(sent('practice.feedback', time, { topic: 'fax', status }, { subject, id }));

    it('is known by nothing before its first event', async () => {
      expect(await stores().practices.facts(['p-unknown'])).toEqual([
        { practiceId: 'p-unknown', lastContactAt: null, openFeedback: [] },
      ]);
    });

    it('has the last contact and the feedback that is open, whatever order they arrived in', async () => {
      const { practices } = stores();
      for (const { event, arrivedAt } of [
        contacted('p-1', 'a', '03-03 10:00'),
        contacted('p-1', 'b', '03-02 10:00'),
        feedback('p-1', 'c', '03-03 12:00', 'open'),
        feedback('p-1', 'd', '03-03 11:00', 'answered'),
        feedback('p-2', 'c', '03-03 13:00', 'answered'),
        feedback('p-2', 'd', '03-03 12:00', 'open'),
      ]) {
        expect(await practices.append(event, arrivedAt)).toEqual({ written: 'written', arrivedAt });
      }
      expect(await practices.facts(['p-2', 'p-1'])).toEqual([
        { practiceId: 'p-2', lastContactAt: null, openFeedback: [] },
        {
          practiceId: 'p-1',
          lastContactAt: at('03-03 10:00'),
          openFeedback: [{ topic: 'fax', since: at('03-03 12:00') }],
        },
      ]);
    });

    it('takes an event once, and knows when it first arrived', async () => {
      const { practices } = stores();
      const { event, arrivedAt } = contacted('p-3', 'a', '03-03 10:00');
      await practices.append(event, arrivedAt);
      expect(await practices.append(event, arrivedAt + HOUR_MS)).toEqual({ written: 'conflict', arrivedAt });
    });
  });
}
