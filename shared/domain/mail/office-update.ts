import type { Directory } from '../../contracts/config.ts';
import type { OfficeUpdate } from '../../contracts/mail.ts';
import type { ReferralState } from '../../contracts/state.ts';
import { ownersOf } from '../referral/owners.ts';

/** What the referring office is to be told of a referral, and by whom (docs/domain.md#8-31). */
export function officeUpdateOf(state: ReferralState, directory: Directory): OfficeUpdate {
  const { coordinatorId, liaisonId } = ownersOf(state, directory);
  return {
    askedOf: directory.organization.updatesBy === 'liaison' ? liaisonId : coordinatorId,
    endReason: state.endReason,
    declineReason: state.declines.at(-1)?.reason ?? null,
  };
}
