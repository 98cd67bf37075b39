import { readFile } from 'node:fs/promises';
import { HEADER, type Generated } from './generated.ts';
import { assemble } from './wat.ts';

const FOLDER = 'src/events/sources/audit';

/** The scanner of audit events, which is written in WebAssembly. */
export async function scanner(): Promise<readonly Generated[]> {
  const binary = assemble(await readFile(`${FOLDER}/scan.wat`, 'utf8'));
  return [{ path: `${FOLDER}/scan.gen.ts`, text: `// ${HEADER}\n\nexport const SCAN_WASM = '${Buffer.from(binary).toString('base64')}';\n` }];
}
