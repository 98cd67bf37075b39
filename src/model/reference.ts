import { randomBytes } from 'node:crypto';

/** Joins what a person was told with the lines of the log about it. */
export function newReference(): string {
  return randomBytes(4).toString('hex');
}
