import { readdir } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { examplesOf, type Example } from '#scripts/gen/examples.ts';
import { checks } from '#src/checks/index.gen.ts';
import { isClusterCheck, type Check } from '#src/model/check.ts';
import { AREAS, areaOf, qualifiedName, type Finding } from '#src/model/finding.ts';
import { UNRESOLVED, type RawObject } from '#src/model/raw.ts';
import type { ScanResult } from '#src/model/scan-result.ts';
import { NO_SETTINGS } from '#src/model/settings.ts';
import { NEWEST_KNOWN, parseVersion } from '#src/model/version.ts';
import { scan } from '#src/scan/scan.ts';
import { sourceOf } from '#test/fakes/source.ts';

const NOW = new Date('2026-11-01T12:00:00Z');
/** Stands in examples for the value of a secret. No message may hold it. */
const CANARY = 'canary-3f9c';
const ONLY_KNOWN_LATER = [UNRESOLVED];
/** What a source itself needs in order to hand an object on. */
const NAMING_FIELDS = new Set<string | number | undefined>(['apiVersion', 'kind', 'metadata']);
const HOSTILE_VALUES = [null, 7, 'text', [], [null], {}];

describe('src/checks', () => {
  test('every id is its folder, unique, and no other check answers to it', async () => {
    const folders = (await readdir('src/checks', { recursive: true })).filter((entry) => entry.endsWith('check.ts'));

    const names = checks.flatMap((check) => [check.id, ...(check.aliases ?? [])]);

    expect(checks.map((check) => `${check.id}/check.ts`).sort()).toEqual(folders.map((folder) => folder.replaceAll('\\', '/')).sort());
    expect(new Set(names).size).toBe(names.length);
  });

  describe.each(checks.map((check) => [check.id, check] as const))('%s', (id, check) => {
    test('says what is healthy, what to do and where the rule is from', () => {
      expect(check.title).not.toMatch(/^(ensure|check|verify|make sure)\b/i);
      expect(check.title).not.toMatch(/\.$/);
      expect(check.why).toMatch(/\.$/);
      expect(check.fix).toMatch(/\.$/);
      expect(check.sources.length).toBeGreaterThan(0);
      expect(AREAS).toContain(areaOf(id));
      expect(check.tips.length).toBeGreaterThan(0);
      expect(check.tips.every((tip) => tip >= 1 && tip <= AREAS.length)).toBe(true);
    });

    test('has a healthy and an unhealthy example, and every item is found in one', async () => {
      const examples = await examplesOf(id);
      const found = new Set(examples.flatMap((example) => example.finds.map((finding) => ('item' in finding ? finding.item : undefined))));

      expect(examples.some((example) => example.finds.length > 0)).toBe(true);
      expect(examples.some((example) => example.finds.length === 0 && example.notEvaluated === undefined && example.undecided === undefined)).toBe(true);
      expect([...found].filter((item) => item !== undefined).sort()).toEqual(Object.keys(check.items ?? {}).sort());
    });

    test('each example finds exactly what it says', async () => {
      for (const example of await examplesOf(id)) {
        const result = await judge(check, example, example.objects);

        const title = example.title;
        expect({ title, finds: result.findings.map((finding) => describeAs(finding, example)).sort(byText) }).toEqual({
          title,
          finds: example.finds.map((finding) => ({ ...finding })).sort(byText),
        });
        expect({ title, undecided: result.undecided.map((entry) => entry.reason).sort() }).toEqual({ title, undecided: (example.undecided ?? []).toSorted() });
        expect({ title, notEvaluated: result.notEvaluated.map((entry) => entry.reason).sort() }).toEqual({
          title,
          notEvaluated: (example.notEvaluated ?? []).toSorted(),
        });
      }
    });

    test('finds the same in any order of objects, and changes none of them', async () => {
      for (const example of await examplesOf(id)) {
        const before = JSON.stringify(example.objects);

        const forward = await judge(check, example, example.objects);
        const backward = await judge(check, example, example.objects.toReversed());

        expect(prints(backward)).toEqual(prints(forward));
        expect(JSON.stringify(example.objects)).toBe(before);
      }
    });

    test('survives any field being something else', async () => {
      const faults: unknown[] = [];
      for (const example of await examplesOf(id)) {
        for (const objects of mutations(example.objects)) await judge(check, example, objects, (_, error) => faults.push(error));
      }

      expect(faults).toEqual([]);
    });

    test('takes a value that is only known later for neither healthy nor wrong', async () => {
      if (isClusterCheck(check)) return; // facts over objects that are not wholly known are the source's business
      for (const example of await examplesOf(id)) {
        const certain = new Set(example.finds.map((finding) => finding.object));
        for (const objects of mutations(example.objects, ONLY_KNOWN_LATER)) {
          const { findings } = await judge(check, example, objects);
          for (const finding of findings) expect([...certain]).toContain(`${finding.object.kind}/${finding.object.name}`);
        }
      }
    });

    test('prints no secret and reports one sentence', async () => {
      for (const example of await examplesOf(id)) {
        const { findings } = await judge(check, example, example.objects);

        expect(JSON.stringify(findings)).not.toContain(CANARY);
        for (const finding of findings) expect(finding.message).toMatch(/^[A-Z"'`-].*[^.]$/s);
      }
    });

    test('is read with the kinds it declares and nothing else', () => {
      if (isClusterCheck(check)) expect(Object.keys(check.needs).length).toBeGreaterThan(0);
      else expect(check.kinds.length).toBeGreaterThan(0);
    });
  });
});

function judge(check: Check, example: Example, objects: readonly RawObject[], onFault?: (unit: string, error: unknown) => void): Promise<ScanResult> {
  const version = example.version === undefined ? NEWEST_KNOWN : parseVersion(example.version);
  if (version === undefined) throw new Error(`${check.id}: no version ${example.version}`);
  return scan({
    source: sourceOf(objects.map(freeze), { version, ...(example.unlisted && { unlisted: example.unlisted }), ...(example.complete && { complete: true }), ...(example.connection && { connection: example.connection }) }),
    checks: [check],
    context: { version, settings: { ...NO_SETTINGS, ...example.settings }, now: NOW, ...(example.sshAnswers && { sshAnswers: new Map(Object.entries(example.sshAnswers)) }), ...(example.users && { users: example.users }), ...(example.uses && { uses: example.uses }) },
    signal: new AbortController().signal,
    onFault: onFault ?? ((_, error) => { throw error; }),
  });
}

/** The finding with as much detail as the example that expects it gives. */
function describeAs(finding: Finding, example: Example): Record<string, unknown> {
  const object = `${finding.object.kind}/${finding.object.name}`;
  const wanted = example.finds.find((candidate) => candidate.object === object && sameDetail(candidate, finding));
  const all: Record<string, unknown> = {
    ...finding,
    object,
    related: finding.related?.map((ref) => `${ref.kind}/${qualifiedName(ref)}`),
  };
  const fields = wanted === undefined ? ['object', 'container', 'item'] : Object.keys(wanted);
  return Object.fromEntries(fields.filter((field) => all[field] !== undefined).map((field) => [field, all[field]]));
}

function sameDetail(wanted: object, finding: Finding): boolean {
  const { container, item } = wanted as { container?: string; item?: string };
  return (container === undefined || container === finding.container) && (item === undefined || item === finding.item);
}

function byText(a: unknown, b: unknown): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}

function prints(result: ScanResult): readonly string[] {
  return result.findings.map((finding) => finding.fingerprint).sort();
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) freeze(inner);
  }
  return value;
}

/** The objects with one value at a time replaced by something that is not there in a well-formed object. */
function* mutations(objects: readonly RawObject[], values: readonly unknown[] = HOSTILE_VALUES): Generator<readonly RawObject[]> {
  const paths = [...pathsOf(objects, [])].filter((path) => path.length > 1 && (values !== ONLY_KNOWN_LATER || !NAMING_FIELDS.has(path[1])));
  for (const path of paths) {
    for (const value of values) {
      const copy = copyOf(objects) as Record<string, unknown>;
      let here: Record<string | number, unknown> = copy;
      for (const step of path.slice(0, -1)) here = here[step] as Record<string | number, unknown>;
      here[path.at(-1) ?? 0] = value;
      yield copy as unknown as readonly RawObject[];
    }
  }
}

/** Also of what is only known later, which `structuredClone` refuses. */
function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, copyOf(entry)])) : value;
}

function* pathsOf(value: unknown, path: readonly (string | number)[]): Generator<readonly (string | number)[]> {
  if (path.length > 0) yield path;
  if (Array.isArray(value)) for (const [index, entry] of value.entries()) yield* pathsOf(entry, [...path, index]);
  else if (typeof value === 'object' && value !== null) for (const [key, entry] of Object.entries(value)) yield* pathsOf(entry, [...path, key]);
}
