import { OPTIONS, type Option } from '#src/config/options.ts';
import { LOG_SOURCES } from '#src/model/detection.ts';
import { SEVERITIES } from '#src/model/finding.ts';
import { REPORTED } from '#src/model/frameworks/frameworks.ts';
import { UsageError, type Arguments, type Flag } from '#src/model/command.ts';
import { didYouMean } from '#src/model/nearest.ts';
import { FILE_FORMATS } from '#src/report/file.ts';

export const SCAN_FORMATS = ['text', 'json', 'jsonl', 'sarif'] as const;
export const EVENT_FORMATS = ['text', 'json', 'jsonl'] as const;
export const MAP_FORMATS = ['text', 'jsonl', 'json', 'mermaid', 'dot', 'svg', 'png'] as const;
export const REPORT_FORMATS = ['text', ...FILE_FORMATS] as const;
export const CHECKS_FORMATS = ['text', 'jsonl'] as const;
export const ISOLATIONS = ['none', 'file'] as const;
export const FAIL_LEVELS = [...SEVERITIES, 'never'] as const;

const HELP: Flag = { type: 'boolean', short: 'h', text: 'Show this help.' };

/** Every option of `scan`; its help is made from this table. */
export const SCAN_FLAGS = {
  format: { type: 'string', value: SCAN_FORMATS.join('|'), text: 'How the result is printed. On a terminal text, otherwise jsonl, unless given.' },
  isolate: { type: 'string', value: ISOLATIONS.join('|'), text: 'Whether all files together are one cluster (none), or each file is one of its own (file). none unless given.' },
  'list-files': { type: 'boolean', text: 'Also print every file that was read.' },
  'input-name': { type: 'string', value: 'NAME', text: 'How standard input is called in the result.' },
  context: { type: 'string', value: 'NAME[,NAME]', text: 'Scan running clusters, by the names of their contexts in the kubeconfig.' },
  kubeconfig: { type: 'string', value: 'FILE', text: 'The kubeconfig with the contexts. KUBECONFIG or ~/.kube/config unless given.' },
  namespace: { type: 'string', value: 'NAME', text: 'Of a running cluster, print only findings of this namespace.' },
  'kubernetes-version': { type: 'string', value: 'vX.Y', text: 'The version whose Pod Security Standards and defaults apply. The newest known for files, the server\'s for a running cluster, unless given.' },
  checks: { type: 'string', value: 'ID[,ID]', text: 'Run only these checks. AREA/* stands for all of an area.' },
  skip: { type: 'string', value: 'ID[,ID]', text: 'Run all checks but these.' },
  config: { type: 'string', value: 'FILE', text: 'The configuration file of the bot; its section checks holds allowed registries and accounts of pipelines.' },
  baseline: { type: 'string', value: 'FILE', text: 'The result of an earlier scan, printed as json or jsonl. Only findings that are new or worse since then make the exit status 1.' },
  'fail-on': { type: 'string', value: 'SEVERITY', text: 'The mildest severity that makes the exit status 1: critical, high, medium, low or info, or never. low unless given.' },
  quiet: { type: 'boolean', text: 'Show no progress.' },
  help: HELP,
} as const satisfies Readonly<Record<string, Flag>>;

export const EVENT_FLAGS = {
  source: { type: 'string', value: LOG_SOURCES.join('|'), text: 'What the files are: audit logs of API servers, alerts of Falco, or flows of Hubble.' },
  format: { type: 'string', value: EVENT_FORMATS.join('|'), text: 'How the result is printed. On a terminal text, otherwise jsonl, unless given.' },
  isolate: { type: 'string', value: ISOLATIONS.join('|'), text: 'Whether all files together are of one cluster (none), or each file is of one of its own (file). none unless given.' },
  'list-files': SCAN_FLAGS['list-files'],
  'input-name': SCAN_FLAGS['input-name'],
  checks: { type: 'string', value: 'ID[,ID]', text: 'Run only these detections. AREA/* stands for all of an area.' },
  skip: { type: 'string', value: 'ID[,ID]', text: 'Run all detections but these.' },
  config: { type: 'string', value: 'FILE', text: 'The configuration file of the bot; its section detections holds limits and who may do what.' },
  'fail-on': SCAN_FLAGS['fail-on'],
  quiet: SCAN_FLAGS.quiet,
  help: HELP,
} as const satisfies Readonly<Record<string, Flag>>;

export const MAP_FLAGS = {
  format: { type: 'string', value: MAP_FORMATS.join('|'), text: 'How the map is printed. On a terminal text, otherwise jsonl, unless given.' },
  isolate: SCAN_FLAGS.isolate,
  'list-files': SCAN_FLAGS['list-files'],
  'input-name': SCAN_FLAGS['input-name'],
  context: { type: 'string', value: 'NAME[,NAME]', text: 'Map running clusters, by the names of their contexts in the kubeconfig.' },
  kubeconfig: SCAN_FLAGS.kubeconfig,
  quiet: SCAN_FLAGS.quiet,
  help: HELP,
} as const satisfies Readonly<Record<string, Flag>>;

export const REPORT_FLAGS = {
  framework: { type: 'string', value: REPORTED.join('|'), text: 'Pod Security Standards, CIS Kubernetes Benchmark, or the hardening guide of NSA and CISA. cis unless given.' },
  format: { type: 'string', value: REPORT_FORMATS.join('|'), text: 'How the report is written. As the name of the output ends; else on a terminal text, otherwise json; unless given.' },
  output: { type: 'string', value: 'FILE', text: 'Write the report to this file, over what it holds. Needed for a PDF.' },
  'input-name': SCAN_FLAGS['input-name'],
  context: { type: 'string', value: 'NAME[,NAME]', text: 'Report on running clusters, by the names of their contexts in the kubeconfig.' },
  kubeconfig: SCAN_FLAGS.kubeconfig,
  'kubernetes-version': SCAN_FLAGS['kubernetes-version'],
  config: SCAN_FLAGS.config,
  quiet: SCAN_FLAGS.quiet,
  help: HELP,
} as const satisfies Readonly<Record<string, Flag>>;

export const CHECKS_FLAGS = {
  format: { type: 'string', value: CHECKS_FORMATS.join('|'), text: 'How the list is printed. On a terminal text, otherwise jsonl, unless given.' },
  help: HELP,
} as const satisfies Readonly<Record<string, Flag>>;

export const NODE_FILES_FLAGS = {
  root: { type: 'string', value: 'FOLDER', text: 'The folder where the files of the node are; / unless given. Links never lead out of it.' },
  node: { type: 'string', value: 'NAME', text: 'The name of the node in Kubernetes.' },
  hold: { type: 'string', value: 'TIME', text: 'Report again after this time, such as 6h, and go on. Once and no more unless given.' },
  print: { type: 'boolean', text: 'Print the report, which k8ssec scan reads, and send nothing.' },
  help: HELP,
} as const satisfies Readonly<Record<string, Flag>>;

export const AUDIT_FLAGS = { help: HELP } as const satisfies Readonly<Record<string, Flag>>;

/** Options of the bot that may be given as flags; each has an environment variable as well. */
export const BOT_FLAGS: Readonly<Record<string, Flag>> = {
  ...Object.fromEntries(
    (Object.values(OPTIONS) as readonly Option[]).flatMap(({ flag, env, type, text }) =>
      flag === undefined ? [] : [[flag, { type: 'string', value: typeof type === 'string' ? type.toUpperCase() : type.join('|'), text: `${text} (${env})` } satisfies Flag]],
    ),
  ),
  help: HELP,
};

/** The value of a flag that has a fixed set of them; undefined when it was not given. @throws {UsageError} */
export function choice<T extends string>({ options }: Arguments, flag: string, choices: readonly T[]): T | undefined {
  const given = options[flag];
  if (given === undefined) return undefined;
  const found = choices.find((candidate) => candidate === given);
  if (found === undefined) throw new UsageError(`--${flag} cannot be "${given}".${didYouMean(given, choices)} Known: ${choices.join(', ')}.`);
  return found;
}

/** The parts of a comma-separated value; undefined when it was not given. */
export function list({ options }: Arguments, flag: string): readonly string[] | undefined {
  return options[flag]?.split(',').map((part) => part.trim()).filter((part) => part !== '');
}
