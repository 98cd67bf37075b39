import type { Arguments, Flag } from '#src/model/command.ts';
import { AUDIT_FLAGS, BOT_FLAGS, CHECKS_FLAGS, EVENT_FLAGS, MAP_FLAGS, NODE_FILES_FLAGS, REPORT_FLAGS, SCAN_FLAGS } from './flags.ts';
import type { World } from './world.ts';

/** One command of the command line. Only the one that was asked for is loaded. */
export interface CliCommand {
  readonly name: string;
  /** After `k8ssec`. */
  readonly usage: readonly string[];
  readonly summary: string;
  readonly flags: Readonly<Record<string, Flag>>;
  readonly maxWords: number;
  /** Paragraphs after the options. */
  readonly notes: readonly string[];
  /** Resolves to the exit status. */
  readonly run: (args: Arguments, world: World) => Promise<number>;
}

const RENDERING =
  'Charts of Helm and kustomizations are rendered where helm (3.11.1 or later, which looks up no names), and kustomize or kubectl, are on the PATH, with their own values. Nothing is fetched, nothing outside of the given folders and the git repositories that they are in is read, and time and output are limited; what that leaves out is said. What they make takes the place of their files, and is found where the template says its kind; with --isolate file, files are judged as they are written.';

export const COMMANDS: readonly CliCommand[] = [
  {
    name: 'start',
    usage: ['start [options]'],
    summary: 'Run the bot; whatever is not configured is replaced by the sandbox.',
    flags: BOT_FLAGS,
    maxWords: 0,
    notes: [
      'With SLACK_BOT_TOKEN and SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP) it talks to your workspace, with REDIS_URL it keeps what it knows, and with a kubeconfig it scans your clusters. docs/configuration.md lists every setting.',
      'Exit status: 0 when it was stopped, 2 when the configuration is wrong, 4 when Slack refuses a token or Redis cannot be used.',
    ],
    run: async (args, world) => (await import('./start.ts')).start(args, world),
  },
  {
    name: 'doctor',
    usage: ['doctor [options]'],
    summary: 'Look at configuration, Redis, Slack, people, approvers and clusters, and say what to mend.',
    flags: BOT_FLAGS,
    maxWords: 0,
    notes: ['Exit status: 0 when the bot can do its work, 1 when something keeps it from that, 2 when the configuration is wrong.'],
    run: async (args, world) => (await import('./doctor.ts')).doctor(args, world),
  },
  {
    name: 'scan',
    usage: ['scan PATH... [options]', 'scan --context NAME[,NAME] [options]'],
    summary: 'Look for findings in Kubernetes manifests, or in running clusters.',
    flags: SCAN_FLAGS,
    maxWords: Infinity,
    notes: [
      'PATH is a YAML or JSON file, a folder that is looked through to the bottom, or - for standard input.',
      RENDERING,
      'A comment leaves out what a check finds on its line, or in the object that begins there: # k8ssec:ignore workload/privileged reason="needs the device" until=2026-12-31. Without a reason, or after that day, it does not hold.',
      'Exit status: 0 when nothing at or above --fail-on was found, 1 when something was, 2 when the command was used in a wrong way, nothing could be read or a cluster could not be reached.',
    ],
    run: async (args, world) => (await import('./scan.ts')).scan(args, world),
  },
  {
    name: 'events',
    usage: ['events --source audit|falco|hubble PATH... [options]'],
    summary: 'Look at recorded events for what people and programs did.',
    flags: EVENT_FLAGS,
    maxWords: Infinity,
    notes: [
      'PATH is a file with JSON, one event per line or many together, a folder that is looked through to the bottom, or - for standard input. Files may be packed with gzip. Logs as CloudWatch, Google Cloud and Azure export them are read too.',
      'Exit status: 0 when nothing at or above --fail-on was detected, 1 when something was, 2 when the command was used in a wrong way or nothing could be read.',
    ],
    run: async (args, world) => (await import('./events.ts')).events(args, world),
  },
  {
    name: 'map',
    usage: ['map PATH... [options]', 'map --context NAME[,NAME] [options]'],
    summary: 'Show which connections network policies allow, between workloads and with the outside.',
    flags: MAP_FLAGS,
    maxWords: Infinity,
    notes: [
      RENDERING,
      'An edge is a connection that policies allow, not one that was seen. NetworkPolicy, ClusterNetworkPolicy, AdminNetworkPolicy and BaselineAdminNetworkPolicy are judged; policies that only Cilium or Calico read are not, and the map says where there are any, or where one is not understood.',
      'svg and png are pictures of what matters most: ways in from the internet, what leads on from there, and what stands open. What is alike is drawn as one. The other formats leave nothing out.',
      'Exit status: 0 when the map is complete, 2 when the command was used in a wrong way, nothing could be read or a cluster could not be reached.',
    ],
    run: async (args, world) => (await import('./map.ts')).map(args, world),
  },
  {
    name: 'report',
    usage: ['report PATH... [options]', 'report --context NAME[,NAME] [options]'],
    summary: 'Say how manifests or running clusters stand with each control of a framework.',
    flags: REPORT_FLAGS,
    maxWords: Infinity,
    notes: [
      'The score is the share of the evaluated controls that passed, and the coverage the share of all controls that were evaluated. A control passes only when every check that answers it could look; one that no check answers is shown as not covered.',
      'Exit status: 0 when the report was written, 2 when the command was used in a wrong way, nothing could be read or a cluster could not be reached.',
    ],
    run: async (args, world) => (await import('./report.ts')).report(args, world),
  },
  {
    name: 'checks',
    usage: ['checks [options]'],
    summary: 'List every check and detection with its severity, what it reads and its references.',
    flags: CHECKS_FLAGS,
    maxWords: 0,
    notes: [],
    run: async (args, world) => (await import('./checks.ts')).checks(args, world),
  },
  {
    name: 'audit',
    usage: ['audit verify', 'audit export'],
    summary: 'Check the log of decisions in Redis, or write it out as JSON lines.',
    flags: AUDIT_FLAGS,
    maxWords: 1,
    notes: [
      'REDIS_URL says where the log is kept. Each entry carries the hash of the one before it: SHA-256 of that hash, a line feed and the JSON of the entry. Keep the last hash elsewhere; a log that was cut off at its end shows no other way.',
      'Exit status: 0 when the log is whole or was written, 1 when it is broken, 2 when the command was used in a wrong way, 4 when Redis cannot be used.',
    ],
    run: async (args, world) => (await import('./audit.ts')).audit(args, world),
  },
  {
    name: 'node-files',
    usage: ['node-files --node NAME [options]'],
    summary: 'Look at modes and owners of the files of a node, and report them to its cluster.',
    flags: NODE_FILES_FLAGS,
    maxWords: 0,
    notes: [
      'It runs on each node, in the pods of deploy/kubernetes/k8ssec-node-files.yaml. It looks at known places of kubeadm, k3s, RKE2 and managed nodes, never into a file, and writes what it sees into a ConfigMap, with the name of the node, of the namespace k8ssec-node-files. The check node/file-permission judges it.',
      'Exit status: 0 when the report was written, 2 when the command was used in a wrong way, no node is below --root or the cluster did not take the report.',
    ],
    run: async (args, world) => (await import('./node-files.ts')).nodeFiles(args, world),
  },
];
