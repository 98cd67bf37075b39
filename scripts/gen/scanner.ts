import { readFile } from 'node:fs/promises';
import { HEADER, type Generated } from './generated.ts';
import { assemble } from './wat.ts';

const FOLDER = 'src/events/sources/audit';
const PARTS = ['scan-json', 'scan-events', 'scan-hash'];

/** The scanner of audit events, which is written in WebAssembly. */
export async function scanner(): Promise<readonly Generated[]> {
  const parts = await Promise.all(PARTS.map((part) => readFile(`${FOLDER}/${part}.wat`, 'utf8')));
  const binary = assemble(`(module ${parts.join('\n')})`);
  return [{ path: `${FOLDER}/scan.gen.ts`, text: `// ${HEADER}\n\nexport const SCAN_WASM = '${Buffer.from(binary).toString('base64')}';\n` }];
}
