import { pathToFileURL } from 'node:url';
import { isAbsolute } from 'node:path';
import type { Check } from '#src/model/check.ts';
import { qualifiedName } from '#src/model/finding.ts';
import { checkId, type FileRecord, type FindingRecord, type GapRecord, type ScanRecord, type SummaryRecord, type SuppressedRecord, type UndecidedRecord, type UnreadableRecord } from '../records.ts';
import { encode } from '#src/model/encode.ts';
import { fitted } from './encode.ts';
import type { Print, Report } from './report.ts';
import { sarifLevel, sarifRules, sarifScore } from './sarif-rules.ts';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json';
const ROOT = '%SRCROOT%';

/** What notifications are about; they name one of these. */
const NOTICES = {
  unreadable: 'A document that could not be read, and so was not judged.',
  'not-evaluated': 'A check that could not be evaluated, so that finding nothing does not mean that nothing is wrong.',
  undecided: 'Objects whose evidence was missing, so that a check could decide neither way.',
} as const;

export interface SarifOptions {
  /** The checks that were asked for. */
  readonly checks: readonly Check[];
  /** Version of k8ssec. */
  readonly version: string;
  readonly listFiles: boolean;
  /** Whether everything that was asked for could be looked at; known at the end. */
  readonly successful: () => boolean;
}

/** SARIF 2.1.0, as code hosts and editors read it. */
export function sarifReport(print: Print, options: SarifOptions): Report {
  const findings: (FindingRecord | SuppressedRecord)[] = [];
  const unreadable: UnreadableRecord[] = [];
  const files: FileRecord[] = [];
  let summary: SummaryRecord | undefined;
  return {
    add(record: ScanRecord) {
      if (record.type === 'finding' || record.type === 'suppressed') findings.push(fitted(record));
      else if (record.type === 'unreadable') unreadable.push(record);
      else if (record.type === 'file') files.push(record);
      else if (record.type === 'summary') summary = record;
      return Promise.resolve();
    },
    async end() {
      const rules = sarifRules(options.checks);
      const indexes = new Map(rules.map(({ id }, index) => [id, index]));
      const notifications = [...unreadable.map(unreadableNotice), ...(summary?.notEvaluated ?? []).map((gap) => gapNotice(gap, indexes)), ...(summary?.undecided ?? []).map((entry) => undecidedNotice(entry, indexes))];
      const run = {
        tool: { driver: { name: 'k8ssec', version: options.version, semanticVersion: options.version, rules, notifications: noticeDescriptors() } },
        originalUriBaseIds: { [ROOT]: { description: { text: 'The folder in which the scan was started.' } } },
        columnKind: 'utf16CodeUnits',
        invocations: [{ executionSuccessful: options.successful(), toolExecutionNotifications: notifications }],
        ...(options.listFiles && { artifacts: files.map(({ file, objects }) => ({ location: artifactLocation(file), roles: ['analysisTarget'], properties: { objects } })) }),
        results: findings.map((finding) => resultOf(finding, indexes)),
        ...(summary !== undefined && { properties: aboutRun(summary) }),
      };
      await print(`${encode({ $schema: SCHEMA, version: '2.1.0', runs: [run] }, 2)}\n`);
    },
  };
}

/** As SARIF calls how a result stands to its baseline. */
const BASELINE_STATES = { new: 'new', worse: 'updated', known: 'unchanged' } as const;

function resultOf(finding: FindingRecord | SuppressedRecord, indexes: ReadonlyMap<string, number>): object {
  const { severity, object, container, path, ports, related, evidence, count, message, fingerprint } = finding;
  return {
    ...ruleReference(checkId(finding), indexes),
    level: sarifLevel(severity),
    message: { text: plain(message) },
    locations: [locationOf(finding)],
    partialFingerprints: { 'k8ssec/v1': fingerprint },
    ...(finding.type === 'finding' && finding.change !== undefined && { baselineState: BASELINE_STATES[finding.change] }),
    ...(finding.type === 'suppressed' && { suppressions: [{ kind: 'inSource', justification: plain(finding.suppression.reason) }] }),
    properties: {
      severity,
      'security-severity': sarifScore(severity),
      object,
      ...(container !== undefined && { container }),
      ...(path !== undefined && { path }),
      ...(ports !== undefined && { ports }),
      ...(related !== undefined && { related }),
      ...(evidence !== undefined && { evidence }),
      ...(count !== undefined && { count }),
    },
  };
}

/** Viewers make a link of `[text](target)`, and the text may come from a file that anybody may have written. */
function plain(text: string): string {
  return text.replaceAll('](', '] (');
}

function ruleReference(ruleId: string, indexes: ReadonlyMap<string, number>): { readonly ruleId: string; readonly ruleIndex?: number } {
  const ruleIndex = indexes.get(ruleId);
  return { ruleId, ...(ruleIndex !== undefined && { ruleIndex }) };
}

/** A place in a file, and the object by its name: the only place that a running cluster has. */
function locationOf({ file, line, cluster, object }: Pick<FindingRecord, 'file' | 'line' | 'cluster' | 'object'>): object {
  const name = `${object.kind}/${qualifiedName(object)}`;
  return {
    ...(file !== undefined && { physicalLocation: { artifactLocation: artifactLocation(file), region: { startLine: line ?? 1 } } }),
    logicalLocations: [{ name: object.name, fullyQualifiedName: cluster === undefined ? name : `${cluster}/${name}`, kind: 'resource' }],
  };
}

/** A file as a URI, relative to where the scan was started unless it was given otherwise. */
export function artifactLocation(file: string): { readonly uri: string; readonly uriBaseId?: string } {
  if (isAbsolute(file)) return { uri: pathToFileURL(file).href };
  const uri = file.split('/').map(encodeURIComponent).join('/');
  return { uri, uriBaseId: ROOT };
}

function noticeDescriptors(): readonly object[] {
  return Object.entries(NOTICES).map(([id, text]) => ({ id, shortDescription: { text } }));
}

function unreadableNotice({ file, document, reason }: UnreadableRecord): object {
  const line = /^line (\d+):/.exec(reason)?.[1];
  const physicalLocation = { artifactLocation: artifactLocation(file), ...(line !== undefined && { region: { startLine: Number(line) } }) };
  return { ...notice('unreadable', `${document === undefined ? '' : `document ${document}: `}${reason}`), locations: [{ physicalLocation }] };
}

function gapNotice(gap: GapRecord, indexes: ReadonlyMap<string, number>): object {
  const { cluster, reason, kind } = gap;
  const text = `${cluster === undefined ? '' : `${cluster}: `}${checkId(gap)} was not evaluated${kind === undefined ? '' : ` for ${kind}`}: ${reason}`;
  return { ...notice('not-evaluated', text), ...associatedRule(checkId(gap), indexes) };
}

function undecidedNotice({ check, reason, count, cluster }: UndecidedRecord, indexes: ReadonlyMap<string, number>): object {
  const text = `${cluster === undefined ? '' : `${cluster}: `}${check} could not decide on ${count === 1 ? 'one object' : `${count} objects`}: ${reason}`;
  return { ...notice('undecided', text), ...associatedRule(check, indexes) };
}

function notice(id: keyof typeof NOTICES, text: string): object {
  return { level: 'warning', message: { text: plain(text) }, descriptor: { id, index: Object.keys(NOTICES).indexOf(id) } };
}

/** A family of items is no rule of its own. */
function associatedRule(id: string, indexes: ReadonlyMap<string, number>): object {
  const index = indexes.get(id);
  return index === undefined ? {} : { associatedRule: { id, index } };
}

function aboutRun({ kubernetesVersion, files, clusters, objects, checks }: SummaryRecord): object {
  return { ...(kubernetesVersion !== undefined && { kubernetesVersion }), files, ...(clusters !== undefined && { clusters }), objects, checks };
}
