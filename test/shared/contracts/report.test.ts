import { describe, expect, it } from 'vitest';
import { mailContent } from '../../../shared/contracts/frozen-mail.ts';
import { completeReport, type Report } from '../../../shared/contracts/report.ts';
import { badWeek, reportContent } from '../mail/report-samples.ts';

/** A report as it was written before there were control charts, replaced words, events of feeds and ids of pairs. */
function older(): unknown {
  const { clocks, dataQuality, audit, ...rest } = earlier();
  const uncharted = Object.entries(clocks).map(([kind, { centre, limits, signal, ...figures }]) => [kind, figures]);
  const { unmapped, feeds, ...input } = dataQuality;
  const { notesBeforeReferral, moreNotesBeforeReferral, nearDuplicates, ...records } = audit;
  return {
    ...rest,
    clocks: Object.fromEntries(uncharted),
    dataQuality: { ...input, feeds: feeds.map(({ lastEventAt, ...feed }) => feed) },
    audit: { ...records, nearDuplicates: [['Lynx', 'Lynx Inc']] },
  };
}

/** A report as it was written before the periods of a chart, since when and where it changed, and what feeds send. */
function earlier() {
  const { clocks, dataQuality, cms50TooRecent, ...rest } = badWeek();
  const undated = Object.entries(clocks).map(([kind, { history, since, where, ...figures }]) => [kind, figures]);
  const feeds = dataQuality.feeds.map(({ lacks, types, ...feed }) => feed);
  return { ...rest, clocks: Object.fromEntries(undated) as Report['clocks'], dataQuality: { ...dataQuality, feeds } };
}

describe('a report that was stored before', () => {
  it('says nothing where it has no figure yet', () => {
    const report: Report = completeReport(older() as Report);
    expect(report.clocks.note).toMatchObject({ met: 93, centre: null, limits: null, signal: null });
    expect(report.dataQuality).toMatchObject({ orphans: 19, unmapped: {} });
    expect(report.dataQuality.feeds[0]).toMatchObject({ name: 'ehr-north', lastEventAt: null, quiet: true });
    expect(report.audit).toMatchObject({ withoutProvider: 18, notesBeforeReferral: [], moreNotesBeforeReferral: 0 });
    expect(report.audit.nearDuplicates).toEqual([
      [
        { id: 'Lynx', name: 'Lynx' },
        { id: 'Lynx Inc', name: 'Lynx Inc' },
      ],
    ]);
  });

  it('keeps what it has, and calls a quiet feed silent', () => {
    const report = completeReport(earlier() as unknown as Report);
    const { signal, limits } = badWeek().clocks.note;
    expect(report.clocks.note).toMatchObject({ signal, limits, since: null, where: null, history: [] });
    expect(report.cms50TooRecent).toBe(0);
    expect(report.dataQuality.feeds.map(({ lacks, types }) => [lacks, types])).toEqual([
      ['anything', []],
      [null, []],
    ]);
    expect(report.dataQuality.unmapped).toEqual(badWeek().dataQuality.unmapped);
    expect(report.audit).toEqual(badWeek().audit);
  });

  it('is completed in a mail, also in one that was frozen before', () => {
    const frozen = { ...reportContent(badWeek()), report: older() };
    for (const content of [reportContent(older() as Report), mailContent.parse(frozen)]) {
      expect(content).toMatchObject({ report: { dataQuality: { unmapped: {} } } });
    }
  });

  it('is as it was written if it has all of them', () => {
    const report = badWeek();
    expect(completeReport(report)).toEqual(report);
  });
});
