import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { detections } from '#src/events/detections/index.gen.ts';
import { defineDetection } from '#src/model/detection.ts';
import { createSink, runCli, type CliOutcome, type FakeWorld } from '#test/fakes/cli-world.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'k8ssec-events-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

function event(changes: object = {}): object {
  return {
    auditID: 'a-1',
    stage: 'ResponseComplete',
    verb: 'create',
    requestURI: '/api/v1/namespaces/shop/pods/api-0/exec?command=sh',
    user: { username: 'jo@corp.example', groups: ['dev'] },
    sourceIPs: ['203.0.113.9'],
    objectRef: { resource: 'pods', subresource: 'exec', namespace: 'shop', name: 'api-0', apiVersion: 'v1' },
    responseStatus: { code: 101 },
    requestReceivedTimestamp: '2026-08-21T09:14:03Z',
    ...changes,
  };
}

const SECRET = event({ auditID: 'a-2', requestURI: '/api/v1/namespaces/shop/secrets', objectRef: { resource: 'secrets', namespace: 'shop', name: 'db', apiVersion: 'v1' }, responseStatus: { code: 201 } });
const LOOK = event({ auditID: 'a-3', verb: 'get', requestURI: '/api/v1/namespaces/shop/pods/api-0', objectRef: { resource: 'pods', namespace: 'shop', name: 'api-0', apiVersion: 'v1' } });

function lines(...events: readonly object[]): string {
  return events.map((one) => `${JSON.stringify(one)}\n`).join('');
}

async function events(files: Readonly<Record<string, string | Buffer>>, args: readonly string[] = [], world: FakeWorld = {}): Promise<CliOutcome> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return runCli(['events', '--source', 'audit', folder, ...args], { detections, ...world });
}

function ofType(outcome: CliOutcome, type: string): readonly Record<string, unknown>[] {
  return outcome.records().filter((record) => record.type === type);
}

describe('src/cli/events.ts', () => {
  test('prints what was detected, as it is found', async () => {
    const outcome = await events({ 'audit.jsonl': lines(LOOK, event()) });

    expect(outcome.status).toBe(1);
    expect(ofType(outcome, 'detection')).toEqual([
      {
        type: 'detection',
        file: `${folder}/audit.jsonl`,
        index: 1,
        detection: 'audit/pod-exec',
        severity: 'high',
        time: '2026-08-21T09:14:03Z',
        actor: { user: 'jo@corp.example', groups: ['dev'], address: '203.0.113.9' },
        object: { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'api-0' },
        outcome: 'allowed',
        command: ['sh'],
        message: 'jo@corp.example ran a command in shop/api-0: sh',
        fingerprint: expect.any(String) as unknown,
      },
    ]);
    expect(outcome.records().at(-1)).toMatchObject({ type: 'summary', files: 1, events: 2, unreadable: 0, lost: 0, findings: 1 });
  });

  test('the summary names what ran, each item by itself, and of the source alone', async () => {
    const outcome = await events({ 'audit.jsonl': lines(LOOK) });

    const { checks } = outcome.records().at(-1) as { readonly checks: readonly string[] };
    expect(checks).toContain('audit/pod-exec');
    expect(checks).toContain('audit/activity:secret-created');
    expect(checks).not.toContain('connections/falco-alert');
  });

  test('what only the bot can tell is not looked for, and that is said', async () => {
    const elsewhere = event({ requestURI: '/api/v1/pods', verb: 'list', objectRef: { resource: 'pods', apiVersion: 'v1' }, responseStatus: { code: 200 } });

    const outcome = await events({ 'audit.jsonl': lines(elsewhere) }, ['--checks', 'connections/first-api-source-address']);

    expect(ofType(outcome, 'detection')).toEqual([]);
    expect(outcome.records().at(-1)).toMatchObject({ type: 'summary', checks: [], events: 1 });
    expect(outcome.stderr).toContain('connections/first-api-source-address was not looked for: which networks are usual is known only to the bot');
  });

  test.each<[string, readonly string[], number]>([
    ['what is only counted', [], 0],
    ['the same when asked for', ['--fail-on', 'info'], 1],
  ])('%s makes the exit status %j %i', async (_name, args, status) => {
    expect((await events({ 'audit.jsonl': lines(SECRET) }, args)).status).toBe(status);
  });

  test('an exec fails no run that is not to fail', async () => {
    expect((await events({ 'audit.jsonl': lines(event()) }, ['--fail-on', 'never'])).status).toBe(0);
    expect((await events({ 'audit.jsonl': lines(event()) }, ['--fail-on', 'critical'])).status).toBe(0);
  });

  test('packed files are read whatever their name, and rotated ones too', async () => {
    const outcome = await events({ 'audit.log.gz': gzipSync(lines(event())), 'audit-2026-08-21T09-14-03.000.log': lines(event({ auditID: 'b' })), 'notes.txt': 'no log' }, ['--list-files']);

    expect(ofType(outcome, 'file').map(({ file, events: count }) => [String(file).slice(folder.length + 1), count])).toEqual([['audit-2026-08-21T09-14-03.000.log', 1], ['audit.log.gz', 1]]);
  });

  test('a packed file whose end is missing is told, and what there is of it judged', async () => {
    const packed = gzipSync(lines(...Array.from({ length: 2000 }, (_, index) => event({ auditID: `a-${index}-${Math.sin(index)}` }))));

    const outcome = await events({ 'audit.log.gz': packed.subarray(0, packed.length - 2000) });

    expect(ofType(outcome, 'unreadable')).toContainEqual(expect.objectContaining({ reason: 'it is packed, and its end is missing' }));
    expect(ofType(outcome, 'detection').length).toBeGreaterThan(0);
  });

  test('pieces that are no event are counted, and a few told', async () => {
    const outcome = await events({ 'audit.jsonl': `${lines(event())}{"a":1}\nnot json {"password":"canary-3f9c"}\n{"verb":"cut\n[]x\n7\n` });

    expect(ofType(outcome, 'unreadable').map(({ document, reason }) => [document, reason])).toEqual([
      [2, 'no audit event'],
      [3, 'not valid JSON'],
      [4, 'not valid JSON'],
      [undefined, '2 more pieces that are no event'],
    ]);
    expect(outcome.stdout).not.toContain('canary-3f9c');
    expect(outcome.records().at(-1)).toMatchObject({ events: 1, unreadable: 5 });
  });

  test('a request that two files tell of counts once in one cluster, and twice in two', async () => {
    const files = { 'a.jsonl': lines(event()), 'b.jsonl': lines(event()) };

    expect(ofType(await events(files), 'detection')).toHaveLength(1);
    expect(ofType(await events(files, ['--isolate', 'file']), 'detection')).toHaveLength(2);
  });

  test('a burst over two files is one in one cluster, and none in two', async () => {
    const reads = (from: number) => lines(...Array.from({ length: 6 }, (_, index) => ({ ...SECRET, auditID: `r-${from + index}`, verb: 'get', objectRef: { resource: 'secrets', namespace: 'shop', name: `key-${from + index}`, apiVersion: 'v1' } })));
    const files = { 'a.jsonl': reads(0), 'b.jsonl': reads(6) };
    const only = ['--checks', 'audit/secrets-bulk-read'];

    expect(ofType(await events(files, only), 'detection')).toHaveLength(1);
    expect(ofType(await events(files, [...only, '--isolate', 'file']), 'detection')).toHaveLength(0);
  });

  test('bodies that were not logged are told, never taken for harmless', async () => {
    const outcome = await events({ 'audit.jsonl': lines(event({ requestURI: '/api/v1/namespaces/shop/pods', objectRef: { resource: 'pods', namespace: 'shop', name: 'a', apiVersion: 'v1' } })) });

    expect(outcome.records().at(-1)).toMatchObject({ undecided: expect.arrayContaining([{ check: 'audit/privileged-pod-created', reason: 'body not logged', count: 1 }]) as unknown });
  });

  test('standard input is read under the name it is given', async () => {
    const outcome = await runCli(['events', '--source', 'audit', '-', '--input-name', 'prod.log'], { detections, stdin: lines(event()) });

    expect(ofType(outcome, 'detection')).toEqual([expect.objectContaining({ file: 'prod.log', index: 0 })]);
  });

  test('flows that got lost are counted', async () => {
    const outcome = await runCli(['events', '--source', 'hubble', '-'], { detections, stdin: '{"lost_events":{"num_events_lost":"1204"}}\n{"flow":{"verdict":"FORWARDED"}}\n' });

    expect(outcome.records().at(-1)).toMatchObject({ events: 1, lost: 1204 });
  });

  test('one document holds the same', async () => {
    const outcome = await events({ 'audit.jsonl': lines(event()) }, ['--format', 'json']);

    expect(JSON.parse(outcome.stdout)).toMatchObject({ detections: [{ detection: 'audit/pod-exec' }], unreadable: [], files: [{ events: 1 }], summary: { findings: 1 } });
  });

  test('for people it is sorted by severity, and what is only counted is summed up', async () => {
    const outcome = await events({ 'audit.jsonl': `${lines(SECRET, event(), { ...SECRET, auditID: 'a-9' })}7\n` }, [], { stdout: createSink({ isTTY: true, columns: 120 }), env: { NO_COLOR: '1' } });

    const units = detections.filter(({ reads, onlyLive }) => reads.includes('audit') && onlyLive === undefined).length;
    expect(outcome.stdout.replaceAll(folder, '')).toBe(
      [
        'HIGH (1)',
        '',
        '  jo@corp.example ran a command in shop/api-0: sh',
        '    2026-08-21T09:14:03Z  Pod shop/api-0  audit/pod-exec  /audit.jsonl, event 1',
        '',
        'Counted',
        '',
        '  2 × audit/activity:secret-created',
        '',
        'Unreadable',
        '',
        '  /audit.jsonl, piece 4: not an object',
        '',
        `3 detected. ${units} detections judged 3 events in 1 file. Not judged: 1 piece could not be read.`,
        '',
      ].join('\n'),
    );
  });

  test.each<[string, readonly string[], string]>([
    ['no source', ['events', '.'], 'Say what the files are'],
    ['a source that there is not', ['events', '--source', 'audti', '.'], 'Did you mean audit?'],
    ['no path', ['events', '--source', 'audit'], 'Say what to read: files or folders, or - for standard input.'],
    ['a path that is not there', ['events', '--source', 'audit', '/no/such'], 'There is no file or folder "/no/such"'],
    ['a format of scans', ['events', '--source', 'audit', '.', '--format', 'sarif'], '--format cannot be "sarif"'],
    ['a detection that there is not', ['events', '--source', 'audit', '.', '--checks', 'audit/pod-exek'], 'audit/pod-exec'],
  ])('%s is wrong use', async (_name, argv, text) => {
    const { status, stdout, stderr } = await runCli(argv, { detections });

    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(text);
  });

  test('files without any event are nothing to go by', async () => {
    const outcome = await events({ 'audit.jsonl': '{"hello":1}\n' });

    expect(outcome.status).toBe(2);
    expect(outcome.stderr).toContain('Nothing under the given paths could be read as events.');
    expect((await events({ 'audit.jsonl': '' })).status).toBe(0);
  });

  test('a detection that fails must not pass for quiet', async () => {
    const broken = defineDetection({
      ...{ id: 'audit/broken', title: 'Broken', severity: 'high', tips: [8], why: 'It is.', fix: 'Mend it.', sources: [] },
      audit: {
        *judge() {
          throw new Error('oh');
        },
      },
    });

    const { status, stderr } = await events({ 'audit.jsonl': lines(LOOK) }, [], { detections: [broken] });

    expect(status).toBe(2);
    expect(stderr).toContain('audit/broken failed');
  });

  test('the configuration file says who may do what', async () => {
    await writeFile(join(folder, 'k8ssec.yaml'), 'detections:\n  nodeProxyUsers: [jo@corp.example]\n');
    const proxy = event({ verb: 'get', objectRef: { resource: 'nodes', subresource: 'proxy', name: 'worker-1', apiVersion: 'v1' } });
    const files = { 'audit.jsonl': lines(proxy) };

    expect(ofType(await events(files), 'detection')).toHaveLength(1);
    expect(ofType(await events(files, ['--config', join(folder, 'k8ssec.yaml')]), 'detection')).toHaveLength(0);
  });
});
