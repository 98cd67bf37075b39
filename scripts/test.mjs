// `npm test`: installs what is missing, then runs Jest with the project's own Node. A shell must not do this in one line: it has found the machine's Node before the installation, and keeps it.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { nodePath } from './build.mjs';
import { installIfNeeded } from './install.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
/** What tests may depend on; everything else is made of it. */
const INPUTS = ['commands', 'deploy', 'docs', 'jobs', 'scripts', 'src', 'templates', 'test', 'package-lock.json', 'package.json', 'tsconfig.json', 'tsconfig.build.json', 'jest.config.js', '.env.example', 'README.md'];
const PASSED = `${root}node_modules/.cache/k8ssec/passed`;

/** Same text for the same files and the same surroundings. */
function fingerprint() {
  const hash = createHash('sha256').update(`${nodePath()} ${process.env.CI ?? ''} ${process.env.K8SSEC_TEST_KUBECONFIG ?? ''} ${process.env.PATH ?? ''}`);
  const add = (path) => hash.update(`${path}\0`).update(readFileSync(root + path));
  for (const input of INPUTS) {
    if (input.includes('.')) add(input);
    else for (const entry of readdirSync(root + input, { recursive: true, withFileTypes: true }).filter((one) => one.isFile()).map((one) => `${one.parentPath ?? one.path}/${one.name}`.slice(root.length)).sort()) add(entry);
  }
  return hash.digest('hex');
}

installIfNeeded();
const jest = fileURLToPath(new URL('../node_modules/jest/bin/jest.js', import.meta.url));
const given = process.argv.slice(2).filter((word) => word !== '--unless-passed');
const before = fingerprint();
let passed = '';
try {
  passed = readFileSync(PASSED, 'utf8');
} catch {
  // Nothing has passed here yet.
}
if (process.argv.includes('--unless-passed') && passed === before) {
  console.log('All tests have passed on exactly these files already; `npm test` runs them again.');
} else {
  const { status } = spawnSync(nodePath(), ['--experimental-vm-modules', '--no-warnings=ExperimentalWarning', jest, ...given], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
  if (status === 0 && given.length === 0 && fingerprint() === before) {
    mkdirSync(fileURLToPath(new URL('../node_modules/.cache/k8ssec', import.meta.url)), { recursive: true });
    writeFileSync(PASSED, before);
  }
}
