import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const TEMPLATE = '.template.json';

/**
 * The emulator's EmailIdentity lacks the attributes with the DKIM records: a stack with outputs of them fails with
 * "Requested attribute DkimDNSTokenName1 does not exist in schema for AWS::SES::EmailIdentity". So those outputs, and
 * nothing else, are taken from the synthesized assembly before it is deployed.
 * @returns the names of the outputs
 */
export function dropDkimOutputs(assembly: string): string[] {
  return readdirSync(assembly)
    .filter((file) => file.endsWith(TEMPLATE))
    .flatMap((file) => {
      const path = join(assembly, file);
      const template = JSON.parse(readFileSync(path, 'utf8'));
      const outputs = Object.entries<unknown>(template.Outputs ?? {});
      const dropped = outputs.filter(([, output]) => JSON.stringify(output).includes('"DkimDNSToken'));
      for (const [name] of dropped) delete template.Outputs[name];
      if (dropped.length > 0) writeFileSync(path, JSON.stringify(template, null, 1));
      return dropped.map(([name]) => name);
    });
}
