/**
 * Arrows point one way: functions -> shared/{intake,store,mail,platform} -> shared/domain -> shared/contracts.
 * test/dependencies.test.ts plants every arrow between two rooms and expects the forbidden ones to fail.
 */
const ORACLE =
  '^test/oracle/(oracle|time|intake|state|appointments|restated|watches|fold|clocks|report|report-[a-z]+)\\.ts$';
/** What each room of shared/ may import beside itself. */
const SHARED = {
  contracts: [],
  domain: ['contracts'],
  platform: ['contracts'],
  intake: ['contracts', 'domain'],
  store: ['contracts', 'domain', 'platform'],
  mail: ['contracts', 'domain', 'platform'],
};
/** What each room of shared/domain may import beside itself and the files below. export-rows.ts may import all. */
const DOMAIN = {
  statistics: [],
  time: [],
  referral: ['time'],
  alert: ['referral', 'time'],
  practice: ['referral', 'statistics', 'time'],
  mail: ['alert', 'practice', 'referral', 'time'],
  report: ['practice', 'referral', 'statistics', 'time'],
};

/** Files of shared/domain that every room may import. */
const FOR_ALL = ['code-point', 'feeds'];

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    ...Object.entries(SHARED).map(([room, below]) => ({
      name: `${room}-knows-only-what-is-below-it`,
      severity: 'error',
      from: { path: `^shared/${room}/` },
      to: { path: '^(shared|functions|infra|local|bench|test)/', pathNot: `^shared/(${[room, ...below].join('|')})/` },
    })),
    ...Object.entries(DOMAIN).map(([room, below]) => ({
      name: `domain-${room}-knows-only-what-is-below-it`,
      severity: 'error',
      from: { path: `^shared/domain/${room}/` },
      to: {
        path: '^shared/domain/',
        pathNot: `^shared/domain/((${FOR_ALL.join('|')})\\.ts$|(${[room, ...below].join('|')})/)`,
      },
    })),
    {
      name: 'domain-is-pure',
      severity: 'error',
      comment: 'Temporal, the distance of two names and hashes for ids; no I/O.',
      from: { path: '^shared/domain/' },
      to: { pathNot: '^(shared/|node_modules/(temporal-|fastest-levenshtein/)|crypto$)' },
    },
    {
      name: 'functions-do-not-know-each-other',
      severity: 'error',
      from: { path: '^functions/([^/]+)/' },
      to: { path: '^functions/', pathNot: '^functions/$1/' },
    },
    {
      name: 'functions-do-not-know-infra-or-local',
      severity: 'error',
      from: { path: '^functions/' },
      to: { path: '^(infra|local|test)/' },
    },
    {
      name: 'infra-knows-no-code-that-it-deploys',
      severity: 'error',
      from: { path: '^infra/' },
      to: { path: '^(functions|shared|local|test)/' },
    },
    {
      name: 'product-does-not-know-its-tests',
      severity: 'error',
      from: { pathNot: '^test/' },
      to: { path: '^test/' },
    },
    {
      name: 'product-does-not-know-its-benches',
      severity: 'error',
      from: { pathNot: '^(bench|test)/' },
      to: { path: '^bench/' },
    },
    {
      name: 'oracle-stands-alone',
      severity: 'error',
      comment: 'The second implementation is worth something only while it shares nothing with the first.',
      from: { path: ORACLE },
      to: { pathNot: ORACLE },
    },
    {
      name: 'deployed-code-uses-dependencies-only',
      severity: 'error',
      from: { path: '^(functions|shared)/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], pathNot: '(^|/)@types/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
