import type { Findings } from './config-findings.ts';
import type { Path } from './config-problem.ts';
import type { DialectSettings, KEY_NAMES } from './dialects.ts';
import { didYouMean } from './nearest.ts';

type Family = Exclude<(typeof KEY_NAMES)[number], 'appointment'>;

const PATIENT = 'PID PD1 NK1 PV1 PV2 GT1 IN1 IN2 IN3 ACC AL1 DG1 OBX PRT ARV ROL';
const ORDER = `${PATIENT} ORC TQ1 TQ2 OBR CTD FT1 CTI BLG SPM SAC IPC DEV REL CON PRD RQD RQ1 RXO ODS ODT TXA`;
const REFERRAL = `${PATIENT} RF1 AUT CTD PRD DRG PR1 OBR`;
/** Segments of the messages of a kind in versions 2.3 to 2.8, with those of every message: rather one too many. */
const SEGMENTS: Readonly<Record<Family, string>> = {
  SIU: `SCH TQ1 TQ2 ${PATIENT} RGS AIS AIG AIL AIP PR1`,
  REF: REFERRAL,
  RRI: REFERRAL,
  OMG: ORDER,
  ORM: ORDER,
  OSU: ORDER,
  MDM: `EVN TXA ${ORDER}`,
  ORU: `${ORDER} DSC`,
  ADT: `EVN ${PATIENT} DB1 DRG PR1 UB1 UB2 PDA MRG IAM ABS BLC RMI CON NPU`,
};
const ANY = 'MSH SFT UAC NTE MSA ERR';
/** The last field of segments in which numbers and statuses stand, in the version that has most. */
const LAST_FIELD: Readonly<Record<string, number>> = {
  ...{ EVN: 7, ORC: 38, OBR: 55, PID: 40, PRD: 14, PV1: 54, RF1: 24, SCH: 28, TQ1: 14, TXA: 28 },
};

/**
 * Warns of a place where no message of its kind has a field: what reads only there finds nothing, and all is as if messages
 * said nothing. Segments whose names begin with Z are a sender's own, and may be anywhere.
 */
export function checkPaths({ keys = {}, statusField }: DialectSettings, path: Path, findings: Findings): void {
  for (const [name, own] of Object.entries(keys)) {
    const family = name === 'appointment' ? 'SIU' : (name as Family);
    for (const [index, each] of own.entries()) checkPath(each, family, [...path, 'keys', name, index], findings);
  }
  if (statusField !== undefined) checkPath(statusField, 'SIU', [...path, 'statusField'], findings);
}

function checkPath(text: string, family: Family, path: Path, { warning }: Findings): void {
  const [segment = '', field] = text.split(/[-.]/);
  if (segment.startsWith('Z')) return;
  const known = `${ANY} ${SEGMENTS[family]}`.split(' ');
  const last = LAST_FIELD[segment] ?? Number.POSITIVE_INFINITY;
  if (!known.includes(segment)) {
    const message = () => `is nowhere: ${family} has no segment ${segment} in HL7${didYouMean(segment, known)}`;
    warning('dialects.json', path, text, message);
  } else if (Number(field) > last || Number(field) === 0) {
    warning('dialects.json', path, text, `is nowhere: ${segment} has the fields 1 to ${last} in HL7`);
  }
}
