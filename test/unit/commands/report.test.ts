import { describe, expect, test } from '@jest/globals';
import type { Caller } from '#src/model/access.ts';
import { parseArguments } from '#src/model/arguments.ts';
import type { OutgoingFile, OutgoingMessage } from '#src/model/outbox.ts';
import { cis } from '#src/model/references.ts';
import type { ClusterState } from '#src/model/scan-record.ts';
import type { Services } from '#src/model/services.ts';
import type { Report } from '#templates/report.ts';
import { command } from '#commands/report.ts';
import { aFinding, aGap } from '#test/build/finding.ts';
import { aCheck } from '#test/build/framework.ts';
import { aClusterState } from '#test/build/scan-record.ts';

const BO: Caller = { userId: 'U0BO000001', name: 'Bo', teamId: 'T1', channelId: 'C1', via: 'command' };
const AT = '2026-11-23T08:00:41.000Z';
const SCANNED = aClusterState({ lastFullScan: { id: 'a1', at: AT } });
const CHECKS = [aCheck('workload/privileged', [cis('5.2.2')]), aCheck('workload/host-pid', [cis('5.2.3')]), aCheck('access/secrets-read', [cis('5.1.2')])];

async function run(words: readonly string[], state: ClusterState | undefined, { attachesFiles = true, clusters = ['prod-eu'] } = {}) {
  const messages: OutgoingMessage<Report>[] = [];
  const files: OutgoingFile[] = [];
  const services = {
    zone: 'UTC',
    checks: CHECKS,
    attachesFiles: () => attachesFiles,
    clusters: { all: () => clusters.map((name) => ({ name, production: true, schedule: 'off', timeZone: 'UTC' })) },
    access: { may: () => Promise.resolve({ allowed: true }) },
    scans: { state: () => Promise.resolve(state) },
    outbox: { put: (message: OutgoingMessage<Report>) => Promise.resolve(void messages.push(message)), putFile: (file: OutgoingFile) => Promise.resolve(void files.push(file)) },
  } as unknown as Services;
  const answer = await command.run(parseArguments(command, words), BO, services);
  return { answer, messages, files };
}

/** Of the one file, each byte as a character. */
function contentOf([file, ...others]: readonly OutgoingFile[]): string {
  expect(others).toEqual([]);
  return Buffer.from(file?.content ?? '', file?.encoding ?? 'utf8').toString('latin1');
}

describe('commands/report.ts', () => {
  test('posts the report where it was asked for, and the whole of it as a file in its thread', async () => {
    const { answer, messages, files } = await run(['cis'], SCANNED);
    const [message] = messages;

    expect(message).toMatchObject({ channel: 'C1', fallbackUser: 'U0BO000001', data: { framework: 'CIS Kubernetes Benchmark v1.12', cluster: 'prod-eu', at: AT, person: 'U0BO000001', file: true } });
    expect(files).toEqual([expect.objectContaining({ id: `${message?.id}/file`, thread: message?.id, channel: 'C1', filename: 'k8ssec-cis-2026-11-23.pdf', encoding: 'base64' })]);
    expect(contentOf(files)).toMatch(/^%PDF-[^]*%%EOF\s*$/);
    expect(answer.message.text).toBe('The report on prod-eu by the CIS Kubernetes Benchmark is being posted.');
  });

  test.each([
    ['html', 'k8ssec-pss-2026-11-23.html', /^<!doctype html>/],
    ['JSON', 'k8ssec-pss-2026-11-23.json', /^\{\n {2}"reports"/],
    ['pdf', 'k8ssec-pss-2026-11-23.pdf', /^%PDF-/],
  ])('writes the file as %s where that is asked for', async (format, filename, beginning) => {
    const { files } = await run(['pss', '--format', format], SCANNED);

    expect(files).toMatchObject([{ filename }]);
    expect(contentOf(files)).toMatch(beginning);
  });

  test('refuses a format that it does not know', async () => {
    await expect(run(['--format', 'pfd'], SCANNED)).rejects.toThrow('There is no format "pfd". Did you mean pdf? Known: pdf, html, json.');
  });

  test('keeps the framework and the format while it asks which cluster is meant', async () => {
    const { answer, messages } = await run(['nsa', '--format', 'html'], SCANNED, { clusters: ['prod-eu', 'dev-us'] });

    expect(JSON.stringify(answer.message.blocks)).toContain(JSON.stringify(JSON.stringify(['dev-us', 'nsa', '--format', 'html'])).slice(1, -1));
    expect(messages).toEqual([]);
  });

  test('attaches nothing where Slack does not let it, and says so', async () => {
    const { messages, files } = await run(['cis'], SCANNED, { attachesFiles: false });

    expect(messages).toMatchObject([{ data: { file: false } }]);
    expect(files).toEqual([]);
  });

  test('names the worst failed controls first, and what was not evaluated by reason', async () => {
    const open = { state: 'open', firstSeen: AT, lastSeen: AT } as const;
    const findings = [
      { ...aFinding({ check: 'workload/host-pid', severity: 'high', fingerprint: 'a' }), ...open },
      { ...aFinding({ check: 'workload/privileged', severity: 'critical', fingerprint: 'b' }), ...open },
    ];
    const state = aClusterState({ lastFullScan: { id: 'a1', at: AT }, checks: ['workload/privileged', 'workload/host-pid'], gaps: [aGap({ check: 'access/secrets-read', reason: 'no permission to list roles' })], findings });

    const { messages } = await run([], state);

    expect(messages[0]?.data).toMatchObject({
      tally: { passed: 0, failed: 2, notEvaluated: 1, notCovered: 128, score: 0, coverage: 1 },
      failed: [{ id: '5.2.2', worst: 'critical', findings: 1 }, { id: '5.2.3', worst: 'high', findings: 1 }],
      missed: [{ reason: 'no permission to list roles', controls: ['5.1.2'] }],
    });
  });

  test.each([
    ['of which nothing is known', undefined],
    ['of which only a part was scanned', aClusterState()],
  ])('reports on no cluster %s', async (_name, state) => {
    await expect(run(['pss'], state)).rejects.toThrow('The whole of prod-eu has not been scanned yet');
  });

  test.each([
    [['prod-eu', 'PSS'], 'Pod Security Standards v1.37'],
    [['nsa', 'prod-eu'], 'NSA/CISA Kubernetes Hardening Guide v1.2'],
    [['prod-eu'], 'CIS Kubernetes Benchmark v1.12'],
  ])('takes %j in any order', async (words, framework) => {
    expect((await run(words, SCANNED)).messages).toMatchObject([{ data: { framework } }]);
  });
});
