import { readFile, writeFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { styleText } from 'node:util';
import { registries } from './gen/registries.ts';

/** Writes every generated file; with `--check` only says which ones are not current, and fails. */
const check = process.argv.includes('--check');
const stale: string[] = [];
for (const generate of [registries]) {
  for (const { path, text } of await generate()) {
    const current = await readFile(path, 'utf8').catch(() => undefined);
    if (current === text) continue;
    stale.push(path);
    if (check) continue;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
}
if (check && stale.length > 0) {
  console.error(styleText('red', `Not current, run \`npm run gen\` and commit: ${stale.join(', ')}`));
  process.exitCode = 1;
} else if (!check) {
  console.log(stale.length === 0 ? 'Everything generated is current.' : `Written: ${stale.join(', ')}`);
}
