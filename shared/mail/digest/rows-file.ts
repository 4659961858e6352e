import type { Config } from '../../contracts/config.ts';
import type { DigestContent, DigestSection, MailContent, SectionContent } from '../../contracts/mail.ts';
import type { AttachedFile } from '../mime.ts';
import { nameOf } from '../names.ts';
import { toRowView } from './row-view.ts';
import { type ListedRow, rowsCsv } from './rows-csv.ts';
import { SECTION_TITLE } from './wording.ts';

/**
 * All rows of a digest, also those cut from it, for somebody whose `attachRows` is set (docs/domain.md#8-8).
 * @returns `rows.csv`, or nothing
 */
export function rowsFile(content: MailContent, config: Config): AttachedFile[] {
  if (content.kind !== 'coordinator_digest' && content.kind !== 'liaison_digest') return [];
  const person = config.directory.people.find(({ id }) => id === content.recipient.id);
  if (!person?.attachRows) return [];
  const listed =
    content.kind === 'coordinator_digest'
      ? listedRows(content.sections, null, content, config)
      : content.practices.flatMap(({ practiceId, sections }) =>
          listedRows(sections, nameOf(config.directory.practices, practiceId), content, config),
        );
  return listed.length === 0 ? [] : [{ fileName: 'rows.csv', contentType: 'text/csv', content: rowsCsv(listed) }];
}

/** The rows of sections in their order, those that a section shows before those that were cut from it. */
function listedRows(
  sections: readonly SectionContent<DigestSection>[],
  practice: string | null,
  content: DigestContent,
  config: Config,
): ListedRow[] {
  return sections.flatMap(({ section, rows, cutRows = [] }) =>
    [...rows, ...cutRows].map((row) => ({
      section: SECTION_TITLE[section],
      practice,
      row: toRowView(row, section, content, config),
    })),
  );
}
