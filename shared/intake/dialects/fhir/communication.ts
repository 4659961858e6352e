import { CONTACT_CHANNELS } from '../../../contracts/vocabulary.ts';
import { type Draft, instantIn, type Reading, retraction, type Said } from './reading.ts';
import { resourceKey } from './reference.ts';
import type { Communication } from './resources.ts';
import { namesOneOf, tie } from './tie.ts';
import { sentCodes } from './words.ts';

type Channel = (typeof CONTACT_CHANNELS)[number];

/** HL7's modes of participation. In person is no channel of the contract, so it is another one. */
const CHANNELS: Readonly<Record<string, Channel>> = {
  phone: 'phone',
  written: 'letter',
  mailwrit: 'letter',
  handwrit: 'letter',
  typewrit: 'letter',
  onlinewrit: 'portal',
  emailwrit: 'email',
  smswrit: 'sms',
  faxwrit: 'other',
  face: 'other',
  videoconf: 'other',
  verbal: 'other',
};
const IN_PERSON = 'face';

/** What a message or a call says: that somebody tried to reach the patient. Its words aren't read. */
export function readCommunication(communication: Communication, reading: Reading): Said {
  const { status, basedOn, about, encounter, recipient } = communication;
  const entity = resourceKey('Communication', reading.id);
  const tied = tie(reading, {
    orders: [
      { references: basedOn, type: 'ServiceRequest' },
      { references: about, type: null },
    ],
    through: [{ references: [encounter], type: 'Encounter' }],
  });
  if (tied.isOfOther) return { passedOver: 'its order is not a referral' };
  if (status === 'entered-in-error') {
    return { entity, keys: tied.keys, facts: [retraction(reading, entity, 'Communication entered-in-error')] };
  }
  if (status !== 'completed') return { passedOver: `status ${status}` };
  if (!recipient.some((each) => namesOneOf(reading, each, ['Patient', 'RelatedPerson']))) {
    return { passedOver: 'not to the patient or a relative' };
  }
  if (!tied.isNamed) return { passedOver: 'no order, appointment or visit in basedOn, about or encounter' };
  return { entity, keys: tied.keys, facts: [contact(communication, reading)], ...missingChannel(communication) };
}

const missingChannel = ({ medium }: Communication) =>
  medium.length === 0 ? { missing: ['contact.attempted.channel'] } : {};

function contact({ medium, sent, received, status }: Communication, reading: Reading): Draft {
  const options = { field: 'contact.attempted.channel', words: CONTACT_CHANNELS, standard: CHANNELS };
  const channel = reading.crosswalks.word('channel', medium, options) ?? 'other';
  const isInPerson = medium.some(({ code }) => code.toLowerCase() === IN_PERSON);
  const isReached = (channel === 'phone' || isInPerson) && !!received;
  return {
    type: 'contact.attempted',
    time: instantIn(reading, sent) ?? reading.now,
    data: { channel, outcome: isReached ? 'reached' : 'sent' },
    values: [status, ...sentCodes(medium), received?.text ?? ''],
    row: 'Communication completed',
  };
}
