// Installs what the lock file says and the machine lacks. Plain JavaScript for any Node, because it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const root = new URL('../', import.meta.url);

/** Whether every package of the lock file is there in its version; optional ones for other platforms may be missing. */
function isInstalled() {
  const wanted = JSON.parse(readFileSync(new URL('package-lock.json', root), 'utf8')).packages;
  const state = new URL('node_modules/.package-lock.json', root);
  if (!existsSync(state)) return false;
  const present = JSON.parse(readFileSync(state, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional, dev }]) =>
      path === '' || present[path]?.version === version || (present[path] === undefined && (optional || (dev && process.env.NODE_ENV === 'production'))),
  );
}

export function installIfNeeded() {
  if (isInstalled()) return;
  console.error('k8ssec: installing packages (once, about a minute)…');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const { status } = spawnSync(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
  if (status !== 0) {
    console.error('k8ssec: `npm ci` failed; its messages are above.');
    process.exit(status ?? 1);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) installIfNeeded();
