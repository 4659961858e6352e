import { readFile } from 'node:fs/promises';
import { initWasm, Resvg } from '@resvg/resvg-wasm';

/** A little larger than a mail shows it where there is room: on a phone that is 1.7 times the size, for sharp screens. */
const ZOOM = 1.25;

let ready: Promise<void> | undefined;

/** The drawing code is read once, when there is something to draw. */
function load(): Promise<void> {
  // Beside the bundle the file lies under the same name: infra/constructs/package-files.ts copies it.
  ready ??= readFile(new URL(import.meta.resolve('@resvg/resvg-wasm/index_bg.wasm'))).then(initWasm);
  return ready;
}

/** SVG without text as PNG; what isn't drawn is transparent. */
export async function rasterise(svg: string): Promise<Uint8Array> {
  await load();
  const picture = new Resvg(svg, { fitTo: { mode: 'zoom', value: ZOOM }, font: { loadSystemFonts: false } });
  const image = picture.render();
  // What lies in the memory of WebAssembly isn't collected.
  try {
    return image.asPng();
  } finally {
    image.free();
    picture.free();
  }
}
