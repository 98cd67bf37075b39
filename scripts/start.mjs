// `npm start`: installs and builds what is missing, then runs the bot. Plain JavaScript for any Node.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build, isBuilt, nodePath } from './build.mjs';
import { installIfNeeded } from './install.mjs';

installIfNeeded();
if (!isBuilt()) {
  console.error('k8ssec: building…');
  await build();
}
const cli = fileURLToPath(new URL('../dist/src/cli.js', import.meta.url));
const child = spawn(nodePath(), [cli, 'start', ...process.argv.slice(2)], { stdio: 'inherit' });
// The terminal sends Ctrl-C to both; a supervisor may send SIGTERM to this one only.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => signal !== 'SIGINT' && child.kill(signal));
child.on('exit', (code, signal) => {
  process.exitCode = signal === null ? (code ?? 1) : 128;
});
