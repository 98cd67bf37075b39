import { objectName, userName } from '#src/model/audit-object.ts';
import { defineDetection } from '#src/model/detection.ts';
import { commandOf, shownCommand } from '#src/model/exec-command.ts';
import { kubernetes } from '#src/model/references.ts';
import { isSystemAtHome } from '../requests.ts';

/** `tar`, on its own or by its path, at the beginning of a command or of one within a line of a shell. */
const TAR = /(?:^|[\s;&|(`])(?:\/[\w./-]+\/)?(?:busybox\s+)?tar\s+([^\s;&|)`]+)((?:\s+[^\s;&|)`]+)*)/g;

const PIPES = ['-', '/dev/stdout', '/dev/stdin'];

/** Tells of files that went out of a pod or into it the way `kubectl cp` takes, besides the exec itself. */
export const detection = defineDetection({
  id: 'audit/file-copy',
  title: 'Files were copied out of a pod or into it',
  severity: 'high',
  tips: [8],
  why: 'Copying out is how data leaves through the API server; copying in is how tools arrive.',
  fix: 'Ask the person what was copied and why; change the credentials that were among it.',
  sources: [kubernetes('kubectl cp', 'reference/kubectl/generated/kubectl_cp/')],
  items: {
    out: { title: 'Files were copied out of a pod' },
    in: { title: 'Files were copied into a pod', severity: 'medium' },
  },
  audit: {
    resources: ['pods/exec'],
    verbs: ['create', 'get'],
    *judge(event) {
      if (event.outcome !== 'allowed' || isSystemAtHome(event)) return;
      const command = commandOf(event);
      const way = command === undefined ? undefined : copied(command.join(' '));
      if (command === undefined || way === undefined) return;
      const shown = shownCommand(command);
      yield { item: way, message: `${userName(event)} copied files ${way === 'out' ? 'out of' : 'into'} ${objectName(event)}: ${shown.join(' ')}`, command: shown };
    },
  },
});

/** Which way an archive goes through standard output or input; undefined when none does. */
function copied(line: string): 'out' | 'in' | undefined {
  for (const [, first = '', rest = ''] of line.matchAll(TAR)) {
    const words = [first, ...rest.trim().split(/\s+/)];
    const flags = words.filter((word, index) => /^-[a-z]+$/i.test(word) || (index === 0 && /^[a-z]+$/i.test(word))).join('').replaceAll('-', '');
    if (!goesThroughPipe(words)) continue;
    if (flags.includes('c') || words.includes('--create')) return 'out';
    if (flags.includes('x') || words.includes('--extract') || words.includes('--get')) return 'in';
  }
  return undefined;
}

/** The archive is called `-`, or has no name. */
function goesThroughPipe(words: readonly string[]): boolean {
  const place = words.findIndex((word, index) => /^-[a-z]*f$/i.test(word) || word === '--file' || (index === 0 && /^[a-z]*f[a-z]*$/i.test(word)));
  const name = place === -1 ? words.map((word) => /^(?:--file=|-[a-z]*f)(.+)$/.exec(word)?.[1]).find((text) => text !== undefined) : words[place + 1];
  return name === undefined || PIPES.includes(name);
}
