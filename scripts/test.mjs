// `npm test`: installs what is missing, then runs Jest with the project's own Node. A shell must not do this in one line: it has found the machine's Node before the installation, and keeps it.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { nodePath } from './build.mjs';
import { installIfNeeded } from './install.mjs';

installIfNeeded();
const jest = fileURLToPath(new URL('../node_modules/jest/bin/jest.js', import.meta.url));
const { status } = spawnSync(nodePath(), ['--experimental-vm-modules', '--no-warnings=ExperimentalWarning', jest, ...process.argv.slice(2)], { stdio: 'inherit' });
process.exitCode = status ?? 1;
