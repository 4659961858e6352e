import type { ICommandHooks } from 'aws-cdk-lib/aws-lambda-nodejs';

/**
 * Copies files of npm packages beside a bundle, under the name by which the code resolves them. A file that is read at
 * run time isn't imported, so it isn't in the bundle.
 */
export function copyingPackageFiles(files: readonly string[]): ICommandHooks {
  return {
    beforeInstall: () => [],
    beforeBundling: () => [],
    afterBundling: (inputDir, outputDir) =>
      files.map(
        (file) =>
          `node "${inputDir}/infra/bin/copy-file.mjs" "${inputDir}/node_modules/${file}" "${outputDir}/node_modules/${file}"`,
      ),
  };
}
