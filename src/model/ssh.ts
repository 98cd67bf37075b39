import { parseImage } from './image.ts';
import { textAt, textsAt } from './raw.ts';
import type { Container } from './workload.ts';

export const SSH_PORT = 22;

/** What came of trying to connect to the port of SSH: an SSH server's greeting, something else that took the connection, nothing that would, or a fault on the way. */
export const SSH_ANSWERS = ['ssh', 'open', 'closed', 'failed'] as const;
export type SshAnswer = (typeof SSH_ANSWERS)[number];
/** By address. */
export type SshAnswers = ReadonlyMap<string, SshAnswer>;

/** Where images of SSH servers listen that do not run as root. */
export const UNPRIVILEGED_SSH_PORT = 2222;

const SERVER_PROGRAMS: ReadonlySet<string> = new Set(['sshd', 'dropbear', 'sftpd']);
/** Last step of an image's name. */
const SERVER_IMAGE = /(?:^|[-_])(?:sshd|openssh(?:-server)?|ssh-server|sftp(?:go)?|dropbear)(?:$|[-_])/;
const BASTION_PROGRAMS: ReadonlySet<string> = new Set([...SERVER_PROGRAMS, 'teleport', 'tailscaled', 'tailscale', 'boundary-worker', 'wetty', 'ttyd', 'gotty']);
const BASTION_IMAGE = /(?:^|[-_])(?:teleport(?:-(?:node|distroless|ent))*|tailscale|bastion|wetty|ttyd|gotty)(?:$|[-_])/;

/** Whether a container runs an SSH server, going by its command, else by its image. */
export function runsSshServer(container: Container): boolean {
  return runsOneOf(container, SERVER_PROGRAMS, SERVER_IMAGE);
}

/** Whether a container lets people in with a shell: an SSH server, or what stands in for one. */
export function isBastion(container: Container): boolean {
  return runsOneOf(container, BASTION_PROGRAMS, BASTION_IMAGE) || runsSshServer(container);
}

function runsOneOf({ raw }: Container, programs: ReadonlySet<string>, image: RegExp): boolean {
  const words = [...textsAt(raw, 'command'), ...textsAt(raw, 'args')].flatMap((text) => text.split(/[\s;&|]+/));
  if (words.some((word) => programs.has(lastStep(word)))) return true;
  return image.test(lastStep(parseImage(textAt(raw, 'image') ?? '')?.repository ?? ''));
}

function lastStep(path: string): string {
  return path.split('/').at(-1) ?? '';
}
