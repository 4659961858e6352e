import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Children } from './children.ts';

/** The emulator and its version. Its gaps, in `gaps.ts` and docs/deploy.md, were found with this version. */
export const EMULATOR = 'ministack==1.5.33';

/** The emulator can't be installed on this machine, so the stacks can't be tested. */
export class CannotInstallError extends Error {
  override readonly name = 'CannotInstallError';
}

export interface Installed {
  /** The interpreter of the virtual environment, in which botocore is installed. */
  python: string;
}

/**
 * Installs the emulator from PyPI into a virtual environment.
 * @param python the interpreter that makes the environment
 * @param folder an empty folder for it
 * @throws CannotInstallError with what is missing
 */
export async function installEmulator(
  children: Children,
  { python, folder, env }: { python: string; folder: string; env: NodeJS.ProcessEnv },
): Promise<Installed> {
  for (const [command, args] of [
    [python, ['--version']],
    // The emulator makes its certificate with openssl.
    ['openssl', ['version']],
  ] as const) {
    const { error, status } = spawnSync(command, args, { env });
    if (error || status !== 0) throw new CannotInstallError(`${command} can't be run: ${error?.message ?? status}`);
  }
  const venv = join(folder, 'venv');
  const installed = { python: join(venv, 'bin', 'python') };
  const common = { env, cwd: folder };
  const pip = ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', EMULATOR];
  try {
    await children.run({ ...common, name: 'venv', command: python, args: ['-m', 'venv', venv] });
    await children.run({ ...common, name: 'pip', command: installed.python, args: pip });
  } catch (error) {
    throw new CannotInstallError(`${EMULATOR} can't be installed from PyPI; ${(error as Error).message}`);
  }
  return installed;
}
