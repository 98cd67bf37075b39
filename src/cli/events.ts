import { UsageError, type Arguments } from '#src/model/command.ts';
import { LOG_SOURCES, NO_DETECTION_SETTINGS, type LogSource } from '#src/model/detection.ts';
import { compareSeverity, type Severity } from '#src/model/finding.ts';
import { judgeFiles, type EventNeeds } from './event-files.ts';
import type { EventRecord } from './event-records.ts';
import { createFaultNotes } from './fault-notes.ts';
import { choice, EVENT_FORMATS, FAIL_LEVELS, list } from './flags.ts';
import { createNotes } from './notes.ts';
import { eventReport } from './output/events.ts';
import { createStyle } from './output/style.ts';
import { NothingReadable, type FileTarget } from './scan-files.ts';
import { selectChecks } from './select-checks.ts';
import { readTarget } from './target.ts';
import { print, type World } from './world.ts';

const WIDEST = 120;

/** `k8ssec events`: 0 when nothing at or above `--fail-on` was detected, 1 when something was, 2 when nothing could be looked at. */
export async function events(args: Arguments, world: World): Promise<number> {
  const { stdout, stdin, signal, env } = world;
  const format = choice(args, 'format', EVENT_FORMATS) ?? (stdout.isTTY === true ? 'text' : 'jsonl');
  const failOn = choice(args, 'fail-on', FAIL_LEVELS) ?? 'low';
  const target = readFiles(args);
  const notes = createNotes(world, args.switches.has('quiet'));
  const faults = createFaultNotes(notes);
  const source = readSource(args);
  const { detections, settings } = await readUnits(args, world);
  const recorded = detections.filter((detection) => detection.onlyLive === undefined);
  for (const { id, reads, onlyLive } of detections) if (onlyLive !== undefined && reads.includes(source)) notes.note(`${id} was not looked for: ${onlyLive}.`);
  const needs: EventNeeds = { source, detections: recorded, settings, stdin, notes, faults, signal };
  const report = eventReport(format, (text) => (text === '' ? Promise.resolve() : print(stdout, text)), {
    listFiles: args.switches.has('list-files'),
    style: createStyle(stdout, env),
    width: Math.min(stdout.columns ?? 80, WIDEST),
  });
  let failing = false;
  let problem: Error | undefined;
  try {
    for await (const record of judgeFiles(target, needs)) {
      failing ||= isFailing(record, failOn);
      if (format === 'jsonl') notes.clear();
      await report.add(record);
    }
  } catch (error) {
    if (!(error instanceof NothingReadable)) throw error;
    problem = error;
  } finally {
    notes.clear();
  }
  await report.end();
  if (problem !== undefined) notes.note(problem.message);
  // A detection that failed has not judged everything, so the result must not pass for quiet.
  return problem !== undefined ? 2 : failing ? 1 : faults.any() ? 2 : 0;
}

function isFailing(record: EventRecord, failOn: Severity | 'never'): boolean {
  return record.type === 'detection' && failOn !== 'never' && compareSeverity(record.severity, failOn) <= 0;
}

function readSource(args: Arguments): LogSource {
  const source = choice(args, 'source', LOG_SOURCES);
  if (source === undefined) throw new UsageError(`Say what the files are: --source ${LOG_SOURCES.join(', --source ')}.`);
  return source;
}

function readFiles(args: Arguments): FileTarget {
  if (args.words.length === 0) throw new UsageError('Say what to read: files or folders, or - for standard input.');
  const target = readTarget(args, 'read');
  if ('contexts' in target) throw new UsageError('Recorded events are read from files.');
  return target;
}

async function readUnits(args: Arguments, world: World): Promise<Pick<EventNeeds, 'detections' | 'settings'>> {
  const { config } = args.options;
  const detections = selectChecks(await world.detections(), { only: list(args, 'checks'), skip: list(args, 'skip') });
  const settings = config === undefined ? NO_DETECTION_SETTINGS : (await import('#src/config/load.ts')).loadDetectionSettings(config);
  return { detections, settings };
}
