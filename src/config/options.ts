/** One setting that is a single value. Structured settings live in the configuration file (file.ts). */
export interface Option {
  /** Name of the environment variable. */
  readonly env: string;
  /** Name on the command line of `k8ssec start`, without dashes. */
  readonly flag?: string;
  readonly type: 'text' | 'number' | 'zone' | 'schedule' | 'channel' | 'url' | 'redis' | readonly string[];
  readonly default?: string;
  readonly min?: number;
  readonly max?: number;
  /** May also be read from a file whose path is in `<env>_FILE`; never printed. */
  readonly secret?: true;
  /** One sentence for the documentation. */
  readonly text: string;
}

/** Every option. Documentation, `.env.example` and `--help` are made from this table. */
export const OPTIONS = {
  slackBotToken: { env: 'SLACK_BOT_TOKEN', type: 'text', secret: true, text: 'Bot token of the Slack app (xoxb-…). Without it the sandbox chat is used.' },
  slackAppToken: { env: 'SLACK_APP_TOKEN', type: 'text', secret: true, text: 'App-level token (xapp-…) with connections:write. Selects Socket Mode.' },
  slackSigningSecret: { env: 'SLACK_SIGNING_SECRET', type: 'text', secret: true, text: 'Signing secret. Selects HTTP mode when there is no app-level token.' },
  slackApiUrl: { env: 'SLACK_API_URL', type: 'url', default: 'https://slack.com/api/', text: 'Address of the Slack Web API.' },
  redisUrl: { env: 'REDIS_URL', type: 'redis', secret: true, text: 'Redis (7.0 or newer) or Valkey (8 or newer): redis://user:password@host:port/0, or rediss:// for TLS. Without it the sandbox starts one.' },
  configFile: { env: 'K8SSEC_CONFIG', flag: 'config', type: 'text', text: 'Path of the configuration file; k8ssec.yaml in the working directory is read when it is there.' },
  context: { env: 'K8SSEC_CONTEXT', flag: 'context', type: 'text', text: 'Contexts of the kubeconfig to watch, separated by commas, when the configuration file names no clusters.' },
  kubeconfig: { env: 'KUBECONFIG', flag: 'kubeconfig', type: 'text', text: 'Path of the kubeconfig; ~/.kube/config otherwise.' },
  role: { env: 'K8SSEC_ROLE', flag: 'role', type: ['all', 'bot', 'worker'], default: 'all', text: 'What this process does: talk to Slack (bot), run jobs (worker), or both.' },
  host: { env: 'K8SSEC_HOST', flag: 'host', type: 'text', default: '127.0.0.1', text: 'Address that health checks and, in HTTP mode, Slack requests are served on.' },
  port: { env: 'K8SSEC_PORT', flag: 'port', type: 'number', min: 0, max: 65535, default: '8080', text: 'Port of the same; 0 takes any free one.' },
  eventsPort: { env: 'K8SSEC_EVENTS_PORT', type: 'number', min: 0, max: 65535, text: 'Port on which clusters may send events over TLS, on the same address. They can send to `K8SSEC_PORT` as well, for a proxy that ends TLS.' },
  eventsCert: { env: 'K8SSEC_EVENTS_CERT', type: 'text', text: 'Path of the certificate for that port, in PEM, with those between it and the CA. It is read again when it changes.' },
  eventsKey: { env: 'K8SSEC_EVENTS_KEY', type: 'text', text: 'Path of its key, likewise.' },
  sandboxPort: { env: 'K8SSEC_SANDBOX_PORT', flag: 'sandbox-port', type: 'number', min: 0, max: 65535, default: '3939', text: 'Port of the sandbox page; another free one is taken when the default is in use.' },
  sockets: { env: 'K8SSEC_SOCKETS', type: 'number', min: 1, max: 8, default: '2', text: 'Socket Mode connections of this process. Slack allows ten per app: replicas times sockets must stay at 8 or below.' },
  installation: { env: 'K8SSEC_INSTALLATION', type: 'text', text: 'Name of this bot on the policies that it makes in clusters, so that several bots at one cluster leave each other’s alone. Otherwise its workspace and user in Slack.' },
  timeZone: { env: 'K8SSEC_TIME_ZONE', flag: 'time-zone', type: 'zone', default: 'UTC', text: 'Zone of schedules and of times in plain text, such as Europe/Paris.' },
  channel: { env: 'K8SSEC_CHANNEL', flag: 'channel', type: 'channel', text: 'Slack channel id for scheduled scans, the digest and operating notices.' },
  scanSchedule: { env: 'K8SSEC_SCAN_SCHEDULE', type: 'schedule', default: '0 7 * * *', text: 'When every cluster is scanned: a cron expression of five fields, or off.' },
  mapSchedule: { env: 'K8SSEC_MAP_SCHEDULE', type: 'schedule', default: '30 7 * * *', text: 'When the network map of every cluster is drawn, and posted if connections are new or gone since an earlier day: a cron expression of five fields, or off.' },
  digestSchedule: { env: 'K8SSEC_DIGEST_SCHEDULE', type: 'schedule', default: '0 9 * * *', text: 'When the daily digest is posted: a cron expression of five fields, or off.' },
  scanTimeoutMinutes: { env: 'K8SSEC_SCAN_TIMEOUT_MINUTES', type: 'number', min: 1, max: 240, default: '15', text: 'A scan of one cluster is given up after this time.' },
  concurrency: { env: 'K8SSEC_CONCURRENCY', type: 'number', min: 1, max: 32, default: '4', text: 'Jobs that one worker runs at the same time; a cluster is never scanned twice at once.' },
  keepDays: { env: 'K8SSEC_KEEP_DAYS', type: 'number', min: 1, max: 3650, default: '90', text: 'Days that finished scans, sent messages and the buttons on them are remembered.' },
  logLevel: { env: 'K8SSEC_LOG_LEVEL', flag: 'log-level', type: ['debug', 'info', 'warn', 'error'], default: 'info', text: 'Least severe log lines to write.' },
} as const satisfies Readonly<Record<string, Option>>;

export type OptionName = keyof typeof OPTIONS;

export function option(name: OptionName): Option {
  return OPTIONS[name];
}
