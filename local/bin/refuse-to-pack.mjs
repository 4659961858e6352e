// `npm pack` and `npm publish` end here: a package would lack the tools that the command line runs on.
console.error('Loopwatch isn\'t packed or published: it runs from its checkout. README.md says how, under "Try it".');
process.exit(1);
