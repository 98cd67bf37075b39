import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { styleText } from 'node:util';
import type { Generated } from './gen/generated.ts';
import { registries } from './gen/registries.ts';
import { scanner } from './gen/scanner.ts';

/** Folders in which every file is generated; what nothing generates any more is deleted. */
const GENERATED_FOLDERS = ['docs/checks', 'docs/detections', 'docs/messages'];

/** Writes every generated file; with `--check` only says which ones are not current, and fails. */
const check = process.argv.includes('--check');
const stale: string[] = [];

async function bringUpToDate(files: readonly Generated[]): Promise<void> {
  for (const { path, text } of files) {
    const current = await readFile(path, 'utf8').catch(() => undefined);
    if (current === text) continue;
    stale.push(path);
    if (check) continue;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
}

async function removeOthers(files: readonly Generated[]): Promise<void> {
  const known = new Set(files.map(({ path }) => path));
  for (const folder of GENERATED_FOLDERS) {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const path = `${entry.parentPath}/${entry.name}`.replaceAll('\\', '/');
      if (!entry.isFile() || known.has(path)) continue;
      stale.push(path);
      if (!check) await rm(path);
    }
  }
}

// These come first: what follows is made from the units that the registries name, and runs what they import.
await bringUpToDate([...(await registries()), ...(await scanner())]);
const { articleCoverage } = await import('./gen/article-coverage.ts');
const { checkPages } = await import('./gen/check-pages.ts');
const { detectionPages } = await import('./gen/detection-pages.ts');
const { unitPages } = await import('./gen/unit-pages.ts');
const { configuration } = await import('./gen/configuration.ts');
const { deployment } = await import('./gen/deployment.ts');
const { peopleSources } = await import('./gen/people-sources.ts');
const files = [...(await checkPages()), ...(await detectionPages()), ...unitPages(), ...configuration(), ...deployment(), ...peopleSources(), ...articleCoverage()];
await bringUpToDate(files);
await removeOthers(files);

if (check && stale.length > 0) {
  console.error(styleText('red', `Not current, run \`npm run gen\` and commit: ${stale.join(', ')}`));
  process.exitCode = 1;
} else if (!check) {
  console.log(stale.length === 0 ? 'Everything generated is current.' : `Written: ${stale.join(', ')}`);
}
