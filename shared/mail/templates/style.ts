/**
 * One style sheet for all mails: classes instead of inline styles keep 200 rows under Gmail's 102 KB. Where a client
 * drops it, headings, bold text and paragraphs still read in the right order. Colours have a contrast of 4.5:1 or
 * more in both schemes (test/shared/mail/contrast.test.ts computes it).
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

/** Charts and bars have one colour on both cards, so these have a contrast of 3:1 or more on either. */
export const CHART = { line: '#3b7dd8', now: '#d9480f', average: '#7a8594' } as const;

type Palette = Record<keyof typeof LIGHT, string>;

const colours = (p: Palette): string =>
  [
    `body,.page{background:${p.page};color:${p.text}}`,
    `.card{background:${p.card};border-color:${p.line}}`,
    `h1,h2,h3,.do,.id,.n{color:${p.text}}`,
    `.r,.foot,.pr{border-color:${p.line}}`,
    `.d th,.d td{border-color:${p.line}}`,
    `.m,.f,.s,.d thead th{color:${p.muted}}`,
    `a{color:${p.link}}`,
    `.o{color:${p.over}}`,
    `.routine{color:${p.muted}}`,
    `.stat,.asap{background:${p.stat};color:${p.onBadge}}`,
    `.urgent{background:${p.urgent};color:${p.onBadge}}`,
  ].join('');

export const FONT = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";

export const CSS = [
  ':root{color-scheme:light dark;supported-color-schemes:light dark}',
  'body{margin:0;padding:0;-webkit-text-size-adjust:100%}',
  `.page{padding:16px 12px;font:16px/1.45 ${FONT}}`,
  'b{font-weight:600}',
  'h1{font-size:24px;line-height:1.25;margin:0 0 4px}',
  'h2{font-size:18px;line-height:1.3;margin:28px 0 0}',
  'h3{font-size:16px;line-height:1.3;margin:18px 0 0}',
  '.pr{font-size:20px;border-top:2px solid;margin:36px 0 0;padding:16px 0 0}',
  'p{margin:4px 0}',
  '.lead{font-size:18px;line-height:1.35;font-weight:600;margin:14px 0 4px}',
  '.n{font-size:16px;margin:6px 0 10px}',
  '.n td{padding:3px 0;vertical-align:top}',
  'td.c{width:1%;padding-right:12px;text-align:right;white-space:nowrap}',
  '.card{border:1px solid;border-radius:8px;border-collapse:separate;margin:8px 0 0}',
  '.r{border-top:1px solid;padding:11px 14px}',
  'tr:first-child>.r{border-top:0}',
  // Room for a thumb, taken from the lines above and below.
  '.r a{display:inline-block;min-width:44px;padding:12px 0;margin:-12px 0}',
  '.b{display:inline-block;border-radius:4px;padding:0 6px;font-size:14px;line-height:20px;font-weight:600}',
  '.routine{padding:0;font-weight:400}',
  '.s,.o{display:inline-block;font-weight:600}',
  '.s{font-size:15px}',
  '.do{margin:3px 0 1px}',
  '.m,.f{font-size:14px;line-height:1.4;margin:1px 0}',
  '.m .o{display:inline;font-weight:400}',
  'p.o{display:block}',
  '.ch{margin:6px 0}',
  '.ch .o{display:inline}',
  '.d{table-layout:fixed}',
  '.d+p{margin-top:6px}',
  '.d th,.d td{border-top:1px solid;padding:8px 0 8px 8px;text-align:right;vertical-align:top}',
  '.d th:first-child,.d td.w{padding-left:12px;text-align:left}',
  '.d th:last-child,.d td:last-child{padding-right:12px}',
  '.d tbody th{font-weight:600;-webkit-hyphens:auto;hyphens:auto}',
  '.d thead th{border-top:0;font-size:14px;font-weight:400}',
  '.d td.w{border-top:0;padding-top:0}',
  '.d td .m{display:inline-block}',
  // A row with its name above: figures begin at the left, and the chart takes what is left over.
  '.k tbody td{border-top:0;padding-top:2px}',
  '.k tbody th{padding-bottom:0}',
  '.k td:first-child{padding-left:12px}',
  '.k th:not(:last-child),.k td:not(:last-child),.k tbody th{text-align:left}',
  '.k img{font-size:14px;height:auto;line-height:1.3;max-width:100%}',
  `.d .bar td{background:${CHART.line};border:0;border-radius:3px;font-size:14px;height:10px;line-height:10px;padding:0}`,
  '.bar{margin:5px 0 2px}',
  '.foot{border-top:1px solid;margin:28px 0 0;padding:8px 0 0}',
  '.f{margin:6px 0}',
  colours(LIGHT),
  '@media(min-width:480px){.page{padding:24px 16px}.r{padding:11px 20px}}',
].join('');

/** Separate, so that a client that can't read it drops this style sheet only. */
export const DARK_CSS = `@media(prefers-color-scheme:dark){${colours(DARK)}}`;
