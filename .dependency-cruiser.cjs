/** Arrows point one way: functions -> shared/{intake,store,mail,platform} -> shared/domain -> shared/contracts. */
const SHARED = '^shared/';
const ORACLE = '^test/oracle/(oracle|time|intake|state|fold|clocks|report|report-[a-z]+)\\.ts$';

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'contracts-know-nothing-else',
      severity: 'error',
      from: { path: '^shared/contracts/' },
      to: { path: '^(shared|functions|infra|local|test)/', pathNot: '^shared/contracts/' },
    },
    {
      name: 'domain-knows-contracts-only',
      severity: 'error',
      comment: 'The domain is pure: contracts, Temporal and the distance of two names, no I/O, no Node modules.',
      from: { path: '^shared/domain/' },
      to: { pathNot: '^(shared/(domain|contracts)/|node_modules/(temporal-|fastest-levenshtein/))' },
    },
    {
      name: 'intake-store-mail-platform-know-no-function',
      severity: 'error',
      from: { path: SHARED },
      to: { path: '^(functions|infra|local|test)/' },
    },
    {
      name: 'store-does-not-know-intake-or-mail',
      severity: 'error',
      from: { path: '^shared/store/' },
      to: { path: '^shared/(intake|mail)/' },
    },
    {
      name: 'intake-knows-domain-and-contracts',
      severity: 'error',
      from: { path: '^shared/intake/' },
      to: { path: '^shared/(store|mail|platform)/' },
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
      from: { pathNot: '^bench/' },
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
