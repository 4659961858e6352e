export const LAMBDA_MAJOR: number;
export const BINARY_PACKAGES: Readonly<Record<string, string>>;
export function chooseNode(
  machine: { version: string; platform: string; arch: string; musl: boolean },
  binaryIn: (name: string) => string | null,
): { installed: true } | { binary: string } | { missing: string };
