/** What people lose until somebody acts on an alarm, as its description says it. */
export const LOSSES = {
  events:
    'Referral events were given up: what happened to these patients is unknown to Loopwatch, so somebody may be called again, or nobody called at all.',
  mail: 'Mails were given up: a coordinator or liaison does not know whom to call today.',
  deliveries: 'What became of mails is not recorded: a digest that never arrived looks delivered.',
  run: 'A detection, report or planning run was given up: breaches are told at the next run at the earliest.',
  expiring:
    'Messages that were given up are deleted within days: what is in them is then lost for good, and their own alarm turns green.',
  comingBack:
    'The same messages fail again and again: what is in them is not taken in, mailed or recorded, and within 30 hours they are given up.',
  eventsWaiting: 'Referral events wait: digests and alerts show a state that has passed, and people act on it.',
  mailWaiting: 'Mails wait: coordinators start their day without their list, and urgent breaches stay untold.',
  refused: 'Many messages are refused: what they say of patients is in no digest, no alert and no report.',
  noInput:
    'Nothing arrives any more: patients who are waiting are in no digest, and that nothing is late is no good news.',
  failing: 'Scheduled runs fail: breaches are not found, mails not planned or reports not written while they do.',
  detection: 'Breaches are not detected: patients whom nobody called stay unnoticed.',
  reports: 'No report is written: leaders do not learn whether promises are kept, and nothing else tells them.',
  planning: 'No mail is planned: coordinators get no digest, and urgent breaches stay untold.',
  retirement: 'Referrals are kept longer than was promised: patient data that should be gone is still there.',
  lag: 'Referrals are looked at too late: breaches among them are not in the digests and mails that go out.',
  cutShort: 'Detection runs end before they have looked at everything: what is left is found later and later.',
  unapplied:
    'The configuration that was pushed is not in force for every referral: some are still watched by the old calendars, routes and people.',
  setAside: 'Single referrals can not be computed on: it may be that nobody is told when their patients wait too long.',
  overdue: 'Mails that were due are not out: coordinators work without their list, and urgent breaches stay untold.',
  notDelivered: 'Mails reach nobody: some people get no digest, and do not know it.',
  sending: 'SES takes no more mail, or soon will not: nobody gets a digest, and urgent breaches stay untold.',
  bounces: 'Digests bounce: some people get none, and SES stops all our mail when more do.',
  complaints: 'Recipients report digests as spam: SES stops all our mail when more do.',
  throttledFunctions: 'Functions of this account are not let run: events, mails and detection wait or fail.',
  throttledTables: 'The table of referrals refuses requests: events and detection are slower, or fail and come back.',
};
