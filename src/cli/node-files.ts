import { UsageError, type Arguments } from '#src/model/command.ts';
import { parseDuration } from '#src/model/duration.ts';
import { nodeReportObject, type NodeReport } from '#src/model/node-files.ts';
import { lookAtNodeFiles } from '#src/node-files/look.ts';
import { print, type World } from './world.ts';

const LONGEST_HOLD_MS = 24 * 3600_000;
/** As the API server takes names of nodes and ConfigMaps. */
const NAME = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/**
 * Looks at the files of the node that it runs on, and reports them.
 *
 * A report that the cluster does not take ends it, also with `--hold`: whoever started it starts it again, more and more slowly.
 */
export async function nodeFiles({ options, switches }: Arguments, world: World): Promise<number> {
  const { root = '/', node = '' } = options;
  const isPrinted = switches.has('print');
  if (!NAME.test(node)) throw new UsageError(node === '' ? 'Say which node this is: --node NAME.' : `--node cannot be "${node}": no node has such a name.`);
  const holdMs = readHold(options.hold);
  if (holdMs !== undefined && isPrinted) throw new UsageError('--print prints one report; --hold is for those that are sent.');
  for (;;) {
    const report: NodeReport = { version: 1, at: world.clock.now().toISOString(), files: await lookAtNodeFiles(root, world.signal) };
    if (isPrinted) await print(world.stdout, `${JSON.stringify(nodeReportObject(node, report))}\n`);
    else await world.publishNodeReport(node, report, world.signal);
    if (holdMs === undefined) return 0;
    await world.pause(holdMs, world.signal);
  }
}

/** @throws {UsageError} for more than a day: a report that is too old counts for nothing. */
function readHold(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const holdMs = parseDuration(text);
  if (holdMs === undefined || holdMs > LONGEST_HOLD_MS) throw new UsageError(`--hold cannot be "${text}". It is a time of a day at most, such as 30m or 6h.`);
  return holdMs;
}
