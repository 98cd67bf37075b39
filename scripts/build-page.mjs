// Bundles the sandbox's web page. Plain JavaScript, as a part of the build.
import { cpSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const page = join(root, 'src/sandbox/web');
/** Served as they are; all else is bundled. */
const STATIC = ['index.html', 'icon.svg'];

/** Writes the page's files into a folder, which is all that the sandbox has to serve. */
export async function buildPage(folder) {
  mkdirSync(folder, { recursive: true });
  for (const file of STATIC) cpSync(join(page, file), join(folder, file));
  const esbuild = await import('esbuild');
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: ['src/sandbox/web/main.tsx'],
    outdir: resolve(folder),
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
    legalComments: 'linked',
    logLevel: 'warning',
  });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await buildPage(process.argv[2]);
