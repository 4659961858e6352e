/**
 * Preset dictionaries with which the parts of a referral's item are deflated: names of fields and words of the closed
 * lists, the likeliest last. They halve an item. They never change: what was stored can only be read with these very
 * texts. A better one would need an attribute of its own in the item.
 */

/** What projections have in common. */
export const STATE_DICTIONARY = Buffer.from(
  [
    '"voided","awaiting_referral","to_rebook","declined","to_schedule","to_contact","awaiting_note","scheduled"',
    '"misdirected","incomplete","out_of_criteria","not_accepting","coverage","other"',
    '"completed_elsewhere","scheduled_elsewhere","referrer_redirected","patient_declined","unreachable"',
    '"no_show_not_rescheduled","cancelled_not_rescheduled","wait_too_long","no_capacity","distance","out_of_network"',
    '"auth_denied","auth_expired","cost","declined_by_specialist","converted_econsult","resolved_by_referrer"',
    '"duplicate","deceased","moved","expired_admin","cancelled"',
    '"stat","asap","urgent","loop_closed","closed","routine",{"at":1,"reason":"","kind":"silence","instance":null,"until":null,"by":"',
    '{"referralId":"R-","stage":"loop_closed","facts":1,"logged":1,"firstEventAt":17,"lastEventAt":17,"marks":[],',
    '"receivedAt":17,"policyVersion":"","priority":"routine","specialty":"","site":"","payer":"","tags":[],',
    '"practiceId":"","practiceName":"","providerNpi":"1","hasProvider":true,"patientId":"","initials":"",',
    '"orderedAt":"2026-01-01T00:00:00.000Z","coordinatorId":null,"liaisonId":null,"endedAt":17,',
    '"endReason":"completed_in_network","hasEvidence":false,"clocks":[',
    '{"kind":"rebook","instance":1,"startedAt":17,"dueAt":17,"netDueAt":17,"stoppedAt":17,"endedAt":null,"afterNoShow":true,"warnAt":17,"escalateAt":17},',
    '{"kind":"reroute","instance":1,"startedAt":17,"dueAt":17,"netDueAt":17,"stoppedAt":null,"endedAt":17,"warnAt":null,"escalateAt":17},',
    ...['acceptance', 'first_attempt', 'reached', 'scheduled', 'visit', 'note', 'acknowledge', 'referrer_update'].map(
      (kind) =>
        `{"kind":"${kind}","instance":1,"startedAt":17,"dueAt":17,"netDueAt":17,"stoppedAt":17,"endedAt":17,"warnAt":17,"escalateAt":17},`,
    ),
    '"pauses":[],"active":[{"startsAt":17,"arrived":false}],"noShows":[],"completed":[17],"declines":[],',
    '"attempts":{"made":1,"phoneDays":1,"letters":0},"lastAttemptAt":17,"missing":[],"incompleteAtReceipt":false,',
    '"reachedAt":17,"bookedAt":17,"seenAt":17,"noteAt":17}',
  ].join(''),
);

/** What records of alerts have in common. */
export const ALERTS_DICTIONARY = Buffer.from(
  [
    '"acknowledgedBy":"","snoozedUntil":17,"urgentMail":{"to":"","is":"skipped"},"urgentMail":{"to":"","is":"pending"}',
    '"urgentMail":{"to":"","is":"mail:202',
    '"resolution":"retracted","resolution":"paused","resolution":"ended"',
    ...['unassigned', 'orphan', 'incomplete', 'attendance_unknown', 'silence'].map(
      (kind) => `{"kind":"${kind}","instance":1,"level":"breached","dueAt":17,"openedAt":17,`,
    ),
    ...[
      'acknowledge',
      'reroute',
      'rebook',
      'acceptance',
      'first_attempt',
      'scheduled',
      'reached',
      'visit',
      'referrer_update',
      'note',
    ].map((kind) => `{"kind":"${kind}","instance":1,"level":"breached","dueAt":17,"atRiskAt":17,"openedAt":17,`),
    '"level":"escalated","dueAt":17,"atRiskAt":17,"openedAt":17,"escalatedAt":17,"since":17,"asOf":17},',
    '"level":"at_risk","dueAt":17,"atRiskAt":17,"resolvedAt":17,"resolution":"stopped","since":17,"asOf":17},{"kind":"',
  ].join(''),
);
