/** The sending systems; a feed has the name of its source. */
export const SOURCES = {
  records: 'urn:example:records',
  scheduling: 'urn:example:scheduling',
  outreach: 'urn:example:outreach',
  documents: 'urn:example:documents',
  portal: 'urn:example:portal',
} as const;
