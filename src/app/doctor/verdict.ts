/** One thing that was looked at: `fail` keeps the bot from working, `warn` switches something off or risks something, `note` is not set up and need not be. */
export interface Verdict {
  readonly level: 'ok' | 'note' | 'warn' | 'fail';
  readonly about: 'Redis' | 'Slack' | 'People' | 'Approvals' | 'Events' | 'Cluster';
  /** What was found; for anything but `ok` also what to do. */
  readonly text: string;
}
