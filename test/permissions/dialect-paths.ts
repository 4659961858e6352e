import { formatInstant, type Instant } from '../../shared/contracts/instant.ts';
import type { World } from '../chaos/world.ts';

/** The paths of what comes in another dialect: it is named, waits, is let go, is passed over, and is used again. */

const visit = (id: string, at: Instant) => ({
  resourceType: 'Encounter',
  id,
  meta: { lastUpdated: formatInstant(at) },
  status: 'in-progress',
  period: { start: formatInstant(at) },
  appointment: [{ reference: 'Appointment/walked' }],
});

const booking = (orderId: string, at: Instant) => ({
  resourceType: 'Appointment',
  id: 'walked',
  meta: { lastUpdated: formatInstant(at) },
  status: 'booked',
  start: formatInstant(at),
  basedOn: [{ reference: `ServiceRequest/${orderId}` }],
  participant: [{ status: 'accepted' }],
});

const draft = (at: Instant) => ({
  resourceType: 'ServiceRequest',
  id: 'draft',
  meta: { lastUpdated: formatInstant(at) },
  status: 'draft',
  intent: 'order',
  subject: { reference: 'Patient/p' },
});

/** A visit waits until its appointment is named, which another referral then can't have; a draft means nothing. */
export async function otherDialects(world: World, at: Instant): Promise<void> {
  for (const resource of [visit('v-1', at), booking('R-fhir', at), booking('R-other', at), draft(at)]) {
    await takeIn(world, resource, at);
  }
}

/** A name is used when it is nearly forgotten. */
export const namedAgain = (world: World, at: Instant): Promise<void> => takeIn(world, visit('v-2', at), at);

async function takeIn(world: World, resource: object, at: Instant): Promise<void> {
  await world.pipeline.enqueue([{ body: JSON.stringify(resource), arrivedAt: at }]);
  await world.step('ingest-events', at);
}
