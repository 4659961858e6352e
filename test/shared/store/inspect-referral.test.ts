import { deflateRawSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { inspectReferral, referralItem } from '../../../shared/store/referral-items.ts';
import { at } from '../../builders/instants.ts';
import { storedAlert, storedReferral } from '../../builders/stored.ts';

const ITEM = referralItem(storedReferral('R-1', { alerts: [storedAlert('R-1')] }), 1);
const UNREADABLE = { ...ITEM, state: deflateRawSync('{}') };

it('A record of alerts that is no record is not the same as none', () => {
  const { alerts: _, ...none } = ITEM;
  expect(inspectReferral(none).alerts).toBeNull();
  expect(inspectReferral({ ...ITEM, alerts: 'lost' }).alerts).not.toBeNull();
});

it.each(['retiredAt', 'expiresAt'])('With %s it is being removed, whether or not the rest can be read', (field) => {
  expect(inspectReferral(UNREADABLE)).toMatchObject({ stored: null, isRetired: false });
  expect(inspectReferral({ ...UNREADABLE, [field]: at('03-02 12:00') })).toMatchObject({
    stored: null,
    isRetired: true,
  });
});
