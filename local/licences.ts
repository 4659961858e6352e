import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { BINARY_PACKAGES } from './bin/choose-node.mjs';

/** Licences that deployed packages may have: permissive ones, and MPL-2.0 for packages that are used unchanged. */
const ALLOWED = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT', 'MIT-0', 'MPL-2.0'];

interface Locked {
  version?: string;
  license?: string;
  dev?: boolean;
}

/** Node itself is not deployed, and its packages don't all name its licence. */
const NOT_DEPLOYED = ['', ...Object.values(BINARY_PACKAGES).map((name) => `node_modules/${name}`)];

/** Production packages of a lock file whose licence isn't allowed or isn't named, such as `left-pad 1.0.0: WTFPL`. */
export function refusedLicences({ packages }: { packages: Record<string, Locked> }): string[] {
  return Object.entries(packages)
    .filter(([path, { dev }]) => dev !== true && !NOT_DEPLOYED.includes(path))
    .filter(([, { license = '' }]) => !ALLOWED.includes(license))
    .map(([path, { version, license }]) => {
      const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
      return `${name} ${version}: ${license ?? 'no licence named'}`;
    });
}

// Run as a script: `npm run licenses`.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const refused = refusedLicences(JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')));
  for (const line of refused) console.error(`not an allowed licence: ${line}`);
  process.exitCode = refused.length === 0 ? 0 : 1;
}
