// Compiles to dist/. Plain JavaScript, because it runs before anything is compiled.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildPage } from './build-page.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
const SOURCES = ['src', 'commands', 'jobs', 'templates'];
/** Read at run time, from beside the compiled module. */
const DATA = new Set(['.json', '.yaml', '.html', '.css', '.svg', '.ttf', '.txt', '.proto']);
/** Bundled, not compiled file by file. */
const PAGE = 'src/sandbox/web';
const STAMP = join(root, 'dist/.built');

/** Oldest Node that runs the product. */
const OLDEST = [22, 19];

/** Node of the project when it is installed, else the one that runs this. */
export function nodePath() {
  const own = join(root, 'node_modules/node/bin/node');
  if (existsSync(own)) return own;
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return process.execPath;
  console.error(`k8ssec: Node ${OLDEST.join('.')} or newer is needed, and this is ${process.version}. The package "node" would bring one, but its install script did not run: allow it, and run npm ci.`);
  process.exit(1);
}

function* filesIn(folder) {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) if (entry.isFile()) yield join(entry.parentPath ?? entry.path, entry.name);
}

export function isBuilt() {
  if (!existsSync(STAMP)) return false;
  const built = statSync(STAMP).mtimeMs;
  const inputs = [...SOURCES.flatMap((folder) => [...filesIn(join(root, folder))]), join(root, 'package.json'), join(root, 'tsconfig.json'), join(root, 'scripts/build.mjs'), join(root, 'scripts/build-page.mjs')];
  return inputs.every((file) => statSync(file).mtimeMs <= built);
}

function run(args) {
  const { status } = spawnSync(nodePath(), args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) {
    console.error('k8ssec: the build failed; its messages are above.');
    process.exit(status ?? 1);
  }
}

export async function build() {
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  run(['node_modules/@typescript/native/bin/tsc', '-p', 'tsconfig.build.json']);
  for (const file of SOURCES.flatMap((folder) => [...filesIn(join(root, folder))])) {
    if (DATA.has(extname(file)) && !file.endsWith('examples.yaml') && !file.startsWith(join(root, PAGE))) cpSync(file, join(root, 'dist', file.slice(root.length)));
  }
  await buildPage(join(root, 'dist', PAGE));
  writeFileSync(STAMP, '');
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await build();
