/** Leaves out free text and fields that identify the patient. */
const SHOWN = [
  'priority',
  'specialty',
  'site',
  'practice',
  'reason',
  'to',
  'inNetwork',
  'until',
  'channel',
  'outcome',
  'appointmentId',
  'startsAt',
  'previousAppointmentId',
  'by',
  'about',
  'kind',
  'instance',
  'id',
  'entity',
  'coordinatorId',
  'liaisonId',
  'payer',
  'tags',
  'documentId',
];

/** What an explanation shows of an event's data, in the order in which it is read. */
export function shownData(data: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(SHOWN.flatMap((name) => (data[name] == null ? [] : [[name, data[name]]])));
}
