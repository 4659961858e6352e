import { describe, expect, it } from 'vitest';
import { bundle, contextOf, fault, order, type Resource, translate } from './resources.ts';

/** Subscription notifications, as R4's backport writes their status and as R4B does. */

const AT = '2026-03-04T15:00:00Z';

const FORMS: Record<string, (type: string, focus?: string) => Resource> = {
  Parameters: (type, focus) => ({
    resourceType: 'Parameters',
    parameter: [
      { name: 'subscription', valueReference: { reference: 'Subscription/s1' } },
      { name: 'status', valueCode: 'active' },
      { name: 'type', valueCode: type },
      ...(focus
        ? [{ name: 'notification-event', part: [{ name: 'focus', valueReference: { reference: focus } }] }]
        : []),
    ],
  }),
  SubscriptionStatus: (type, focus) => ({
    resourceType: 'SubscriptionStatus',
    status: 'active',
    type,
    ...(focus ? { notificationEvent: [{ eventNumber: '1', focus: { reference: focus } }] } : {}),
  }),
};

describe.each(Object.entries(FORMS))('a notification with %s', (_form, status) => {
  const notified = (type: string, entries: Resource[] = [], focus?: string, fields: Resource = {}) =>
    bundle([status(type, focus), ...entries], { type: 'history', timestamp: AT, ...fields });
  const outcomes = (body: unknown) =>
    translate(body, contextOf({}, { sender: 'ehr', senders: [{ name: 'ehr' }] })).map((each) =>
      each.outcome === 'passed_over' ? each.why : each.outcome,
    );

  it('that is a heartbeat says that the sender is alive', () => {
    const body = notified('heartbeat');
    const context = contextOf({}, { sender: 'ehr', senders: [{ name: 'ehr' }] });
    expect(translate(body, context)).toEqual([
      { outcome: 'heartbeat', position: 1, sender: 'ehr', time: Date.parse(AT), isGuessed: false },
    ]);
    expect(fault(notified('heartbeat', [], undefined, { timestamp: undefined }))).toMatch(
      /^invalid: timestamp: missing/,
    );
  });

  it('with resources gives what these say', () => {
    expect(outcomes(notified('event-notification', [order()]))).toEqual(['event-notification', 'translated']);
    expect(outcomes(notified('query-event', [order()]))).toEqual(['query-event', 'translated']);
  });

  it('with ids only or with nothing says that a setting is wrong', () => {
    const idOnly = "content id-only: set the subscription's content to full-resource";
    const entry = { entry: 1, fullUrl: 'https://server.example/ServiceRequest/r1' };
    expect(outcomes(notified('event-notification', [entry]))).toEqual([idOnly]);
    expect(outcomes(notified('event-notification', [], 'ServiceRequest/r1'))).toEqual([idOnly]);
    expect(outcomes(notified('event-notification'))).toEqual([
      "content empty: set the subscription's content to full-resource",
    ]);
  });

  it('that only answers means nothing', () => {
    expect(outcomes(notified('handshake'))).toEqual(['handshake']);
    expect(outcomes(notified('query-status'))).toEqual(['query-status']);
  });

  it('is told from another Bundle', () => {
    const elsewhere = bundle([status('heartbeat')], { type: 'collection', timestamp: AT });
    expect(outcomes(elsewhere)).toEqual(['kind that says nothing here']);
    expect(outcomes(notified('toString', [order()]))).toEqual(['kind that says nothing here', 'translated']);
  });
});
