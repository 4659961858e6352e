/**
 * One style sheet for all mails: classes instead of inline styles keep 200 rows under Gmail's 102 KB. Where a client
 * drops it, headings, bold text and paragraphs still read in the right order. It has plain selectors and no negative
 * lengths, since clients drop the others (test/shared/mail/style.test.ts). Nothing is said by a background, which
 * isn't printed. Text has a contrast of 4.5:1 or more in both schemes (test/shared/mail/contrast.test.ts).
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
} as const;

/** Charts and bars have one colour on both cards, so these have a contrast of 3:1 or more on either. */
export const CHART = { bar: '#3b7dd8', better: '#3b7dd8', worse: '#d9480f', guide: '#7a8594' } as const;

type Palette = Record<keyof typeof LIGHT, string>;

const colours = (p: Palette): string =>
  [
    `body,.page{background:${p.page};color:${p.text}}`,
    `.card{background:${p.card};border-color:${p.line}}`,
    `h1,h2,h3,b,p{color:${p.text}}`,
    `.l,.foot,.d th,.d td{border-color:${p.line}}`,
    `.m,.m b,.s,.d thead th{color:${p.muted}}`,
    `a{color:${p.link}}`,
    `.o{color:${p.over}}`,
    `.stat,.asap{border-color:${p.stat};color:${p.stat}}`,
    `.urgent{border-color:${p.urgent};color:${p.urgent}}`,
  ].join('');

export const FONT = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";

/** A chart nearly as wide as the page; a narrow screen shrinks it, so nothing in it is small. */
export const CHART_WIDTH = 480;
export const CHART_HEIGHT = 128;

export const CSS = [
  'body{margin:0;padding:0;-webkit-text-size-adjust:100%}',
  `.page{padding:12px 8px;font:15px/1.35 ${FONT}}`,
  'b{font-weight:600}',
  'h1{font-size:21px;line-height:1.25;margin:0 0 2px}',
  'h2{font-size:17px;line-height:1.3;margin:16px 0 0}',
  'h3{font-size:15px;line-height:1.3;margin:10px 0 0}',
  '.pr{font-size:16px;margin:10px 0 0}',
  'p{margin:2px 0}',
  '.lead{font-size:17px;font-weight:600;margin:8px 0 4px}',
  '.card{border:1px solid;border-collapse:separate;border-radius:8px;margin:3px 0 0}',
  '.r{padding:7px 10px}',
  // High enough for a thumb, also where a row is one line.
  '.q{font-size:14px;height:42px;padding:3px 8px;vertical-align:top}',
  '.l{border-top:1px solid}',
  // Room for a thumb. Around inline text padding moves no other line.
  '.r a{padding:14px 5px 14px 0}',
  '.i{display:inline-block;min-width:44px}',
  '.b{border:1px solid;border-radius:4px;display:inline-block;font-size:14px;font-weight:700;line-height:17px;padding:0 5px}',
  '.s,.o{font-weight:600}',
  '.m{font-size:14px;margin:1px 0}',
  '.m .o,.m.o,.as{font-weight:400}',
  '.d{table-layout:fixed}',
  '.lg{margin:6px 0}',
  '.d th,.d td{border-top:1px solid;padding:7px 6px;text-align:right;vertical-align:top}',
  '.d .h{padding-left:10px;text-align:left}',
  '.d tbody th{font-weight:600;-webkit-hyphens:auto;hyphens:auto}',
  '.d thead th{border-top:0;font-size:14px;font-weight:400}',
  '.d .w{border-top:0;padding-top:0}',
  '.d td .m{display:inline-block}',
  'img{font-size:14px;height:auto;line-height:1.3;max-width:100%}',
  `.d .bar td{background:${CHART.bar};border:0;border-radius:3px;font-size:14px;height:10px;line-height:10px;padding:0}`,
  '.bar{margin:5px 0 2px}',
  '.foot{border-top:1px solid;margin:20px 0 0;padding:6px 0 0}',
  colours(LIGHT),
  '@media(min-width:480px){.page{padding:20px 16px}.r{padding:8px 16px}.q{padding:4px 12px}}',
].join('');

/** Separate, so that a client that can't read it drops this style sheet only. */
export const DARK_CSS = `:root{color-scheme:light dark;supported-color-schemes:light dark}@media(prefers-color-scheme:dark){${colours(DARK)}}`;
