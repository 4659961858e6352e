/**
 * One style sheet for all mails: classes instead of inline styles keep 200 rows under Gmail's 102 KB. Where a client
 * drops it, headings, bold text and paragraphs still read in the right order. Colours have a contrast of 4.5:1 or
 * more in both schemes (test/mail/contrast.test.ts computes it).
 */
export const LIGHT = {
  page: '#f2f4f7',
  card: '#ffffff',
  text: '#1a1f26',
  muted: '#56606c',
  line: '#dfe3e8',
  link: '#0b57d0',
  over: '#b3261e',
  stat: '#b3261e',
  urgent: '#8a4b00',
  onBadge: '#ffffff',
} as const;

export const DARK = {
  page: '#0e1116',
  card: '#181c22',
  text: '#e8ebef',
  muted: '#a7b0bb',
  line: '#333a44',
  link: '#8ab4f8',
  over: '#ffb4ab',
  stat: '#ffb4ab',
  urgent: '#ffcf8a',
  onBadge: '#22140a',
} as const;

type Palette = Record<keyof typeof LIGHT, string>;

const colours = (p: Palette, scope: string): string =>
  [
    `${scope}body,${scope}.page{background:${p.page};color:${p.text}}`,
    `${scope}.card{background:${p.card};border-color:${p.line}}`,
    `${scope}h1,${scope}h2,${scope}h3,${scope}.do,${scope}.id{color:${p.text}}`,
    `${scope}.r,${scope}.foot{border-color:${p.line}}`,
    `${scope}.m,${scope}.f{color:${p.muted}}`,
    `${scope}a{color:${p.link}}`,
    `${scope}.o{color:${p.over}}`,
    `${scope}.b{color:${p.muted};border-color:${p.muted}}`,
    `${scope}.stat,${scope}.asap{background:${p.stat};border-color:${p.stat};color:${p.onBadge}}`,
    `${scope}.urgent{background:${p.urgent};border-color:${p.urgent};color:${p.onBadge}}`,
  ].join('');

export const FONT = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";

export const CSS = [
  ':root{color-scheme:light dark;supported-color-schemes:light dark}',
  `body{margin:0;padding:0;-webkit-text-size-adjust:100%}`,
  `.page{padding:16px 12px;font:16px/1.45 ${FONT}}`,
  '.card{border:1px solid;border-radius:8px;padding:2px 14px;margin:8px 0 16px}',
  'b{font-weight:600}',
  'h1{font-size:22px;line-height:1.25;margin:4px 0}',
  'h2{font-size:18px;line-height:1.3;margin:24px 0 0;padding:0}',
  'h3{font-size:16px;line-height:1.3;margin:16px 0 0;padding:0}',
  'p{margin:4px 0}',
  '.r{border-top:1px solid;padding:10px 0;overflow-wrap:anywhere}',
  '.r:first-child{border-top:0}',
  // Room for a thumb.
  '.r a{padding:8px 0}',
  '.s,.o{font-size:15px;white-space:nowrap}',
  '.b{display:inline-block;border:1px solid;border-radius:4px;padding:0 5px;font-size:14px;line-height:19px;font-weight:600}',
  '.o{font-weight:600}',
  '.do{margin:3px 0 1px}',
  '.m,.f{font-size:14px;line-height:1.4;margin:1px 0}',
  '.foot{border-top:1px solid;margin:24px 0 0;padding:8px 0 0}',
  '.f{margin:6px 0}',
  colours(LIGHT, ''),
  `@media(prefers-color-scheme:dark){${colours(DARK, '')}}`,
  '@media(min-width:480px){.page{padding:24px 16px}.card{padding:4px 20px}}',
].join('');
