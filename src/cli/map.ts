import { UsageError, type Arguments } from '#src/model/command.ts';
import { NO_SETTINGS } from '#src/model/settings.ts';
import { choice, MAP_FORMATS } from './flags.ts';
import { mapClusters } from './map-clusters.ts';
import { mapFiles } from './map-files.ts';
import type { MapCounts, MapPart } from './map-records.ts';
import { createNotes, type Notes } from './notes.ts';
import { mapReport, type MapReport } from './output/map.ts';
import { SomeUnread } from './scan-clusters.ts';
import { NothingReadable } from './scan-files.ts';
import { readTarget, type ContextTarget } from './target.ts';
import type { FileTarget } from './scan-files.ts';
import { print, type World } from './world.ts';

/** `k8ssec map`: 0 when everything was mapped, 2 when something could not be looked at. */
export async function map(args: Arguments, world: World): Promise<number> {
  const format = choice(args, 'format', MAP_FORMATS) ?? (world.stdout.isTTY === true ? 'text' : 'jsonl');
  const target = readTarget(args, 'map');
  if (format === 'svg' || format === 'png') requirePicture(format, target, world);
  const notes = createNotes(world, args.switches.has('quiet'));
  const report = mapReport(format, (content) => (content.length === 0 ? Promise.resolve() : print(world.stdout, content)), { listFiles: args.switches.has('list-files'), at: world.clock.now() });
  try {
    await report.end(await addParts(await partsOf(target, notes, world), report, notes));
  } catch (error) {
    if (!(error instanceof NothingReadable || error instanceof SomeUnread)) throw error;
    await report.end(undefined);
    notes.note(error.message);
    return 2;
  } finally {
    notes.clear();
  }
  return 0;
}

/** @throws {UsageError} */
function requirePicture(format: 'svg' | 'png', target: FileTarget | ContextTarget, { stdout }: World): void {
  const isOne = 'paths' in target ? target.isolate === 'none' : target.contexts.length === 1;
  if (!isOne) throw new UsageError(`A picture shows one map: --format ${format} takes one cluster, and files only all together.`);
  if (format === 'png' && stdout.isTTY === true) throw new UsageError('A PNG is no text for a terminal: write it to a file, as in k8ssec map … --format png > map.png.');
}

async function partsOf(target: FileTarget | ContextTarget, notes: Notes, { stdin, signal, env, clusters }: World): Promise<AsyncGenerator<MapPart, MapCounts>> {
  if ('paths' in target) return mapFiles(target, { stdin, signal, notes, searchPath: env.PATH });
  return mapClusters(target.contexts, { clusters: await clusters(target.contexts, target.kubeconfig, NO_SETTINGS), notes, signal });
}

async function addParts(parts: AsyncGenerator<MapPart, MapCounts>, report: MapReport, notes: Notes): Promise<MapCounts> {
  for (let next = await parts.next(); ; next = await parts.next()) {
    if (next.done) return next.value;
    notes.clear();
    await report.add(next.value);
  }
}
