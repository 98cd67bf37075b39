// `npm start`: installs and builds what is missing, then runs the bot, or `npm start -- doctor` another command. Plain JavaScript for any Node.
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
const given = process.argv.slice(2);
const isCommand = given[0] !== undefined && !given[0].startsWith('-');
const child = spawn(nodePath(), [cli, ...(isCommand ? [] : ['start']), ...given], { stdio: 'inherit' });
// The terminal sends Ctrl-C to both; a supervisor may send SIGTERM to this one only.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => signal !== 'SIGINT' && child.kill(signal));
child.on('exit', (code, signal) => {
  process.exitCode = signal === null ? (code ?? 1) : 128;
});
