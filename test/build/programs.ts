import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Puts a program of the shell into a folder and gives its path. */
export async function writeProgram(folder: string, name: string, script: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

/** A line of a shell script that prints a text as it is. */
export function printing(text: string): string {
  return `printf '%s' '${text.replaceAll("'", String.raw`'\''`)}'`;
}
