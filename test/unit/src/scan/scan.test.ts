import { describe, expect, test } from '@jest/globals';
import { defineClusterCheck, defineFacts, defineObjectCheck, type Check, type Problem, type Subject, type Undecided } from '#src/model/check.ts';
import { ClusterUnreachable } from '#src/model/clusters.ts';
import { knownKind, WORKLOAD_KINDS, type Kind } from '#src/model/kinds.ts';
import { textAt, UNRESOLVED, type RawObject } from '#src/model/raw.ts';
import type { ScanProgress, ScanResult } from '#src/model/scan-result.ts';
import { NO_SETTINGS } from '#src/model/settings.ts';
import { NotListed, type ObjectSource, type SourcedObject } from '#src/model/source.ts';
import { NEWEST_KNOWN } from '#src/model/version.ts';
import { scan } from '#src/scan/scan.ts';
import { sourceOf } from '#test/fakes/source.ts';

const META = { title: 'All is well', severity: 'low', tips: [5], why: 'Because.', fix: 'Mend it.', sources: [{ title: 'A rule' }] } as const;

const saysComplete = defineObjectCheck({
  ...META,
  id: 'workload/says-complete',
  kinds: ['Namespace'],
  *judge(_, { complete }) {
    yield { message: `Complete is ${complete}` };
  },
});

const pods = defineFacts({
  name: 'pods',
  reads: ['Pod'],
  keeps: 'the pods',
  start: (): Subject[] => [],
  add: (state, _, subject) => void state.push(subject),
});

const everyPod = defineClusterCheck({
  ...META,
  id: 'workload/every-pod',
  needs: { pods },
  *judge({ pods }) {
    for (const subject of pods) yield { subject, message: 'It is a pod' };
  },
});

describe('src/scan/scan.ts', () => {
  test('tells checks that nothing is missing when its source is a whole cluster', async () => {
    const [finding] = await findingsOf(saysComplete, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }], { complete: true });

    expect(finding?.message).toBe('Complete is true');
  });

  test('tells checks nothing of that kind when its source is files', async () => {
    const [finding] = await findingsOf(saysComplete, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }]);

    expect(finding?.message).toBe('Complete is undefined');
  });

  test('tells of which kinds there was some object', async () => {
    const { kinds } = await scan({ source: sourceOf([podOf('alone')]), checks: [saysComplete, everyPod], context: { version: NEWEST_KNOWN, settings: NO_SETTINGS, now: new Date(0) }, signal: new AbortController().signal });

    expect([...kinds]).toEqual(['Pod']);
  });

  test('takes pods of one owner that is not in the input for one finding, and other pods for their own', async () => {
    const findings = await findingsOf(everyPod, [podOf('build-1', 'build'), podOf('build-2', 'build'), podOf('report-1', 'report'), podOf('alone')]);

    expect(findings.map(({ object, count }) => [object.name, count ?? 1])).toEqual([
      ['build-1', 2],
      ['report-1', 1],
      ['alone', 1],
    ]);
  });

  test('gives a finding about pods the same fingerprint when its owner replaces them', async () => {
    const [before] = await findingsOf(everyPod, [podOf('build-1', 'build')]);
    const [after] = await findingsOf(everyPod, [podOf('build-9', 'build')]);

    expect(after?.fingerprint).toBe(before?.fingerprint);
  });

  describe('what is written in Terraform', () => {
    const open = defineObjectCheck({
      ...META,
      id: 'iac/open',
      kinds: ['Terraform', 'Pod'],
      *judge(object) {
        yield { message: 'It is open', path: ['in'], ports: ['tcp/22'], ...(textAt(object, 'kind') === 'Pod' && { container: 'main' }) };
      },
    });
    const group = (address: string) => ({ object: { apiVersion: 'terraform', kind: 'aws_security_group', metadata: { name: 'web' }, values: {} }, address });

    test('is named by its type and address, and each instance is a finding of its own', async () => {
      const { findings } = await scanSourced(open, [group('aws_security_group.web[0]'), group('aws_security_group.web[1]')]);

      expect(findings.map(({ object, ports }) => ({ object, ports }))).toEqual([
        { object: { kind: 'aws_security_group', name: 'web', address: 'aws_security_group.web[0]' }, ports: ['tcp/22'] },
        { object: { kind: 'aws_security_group', name: 'web', address: 'aws_security_group.web[1]' }, ports: ['tcp/22'] },
      ]);
      expect(new Set(findings.map(({ fingerprint }) => fingerprint)).size).toBe(2);
    });

    test('may be an object whose name is only known later', async () => {
      const pod = { object: { apiVersion: 'v1', kind: 'Pod', metadata: { name: UNRESOLVED, namespace: UNRESOLVED, labels: UNRESOLVED, ownerReferences: UNRESOLVED } }, address: 'kubernetes_pod.api' };

      expect((await scanSourced(open, [pod])).findings).toMatchObject([{ object: { apiVersion: 'v1', kind: 'Pod', name: '', address: 'kubernetes_pod.api' } }]);
    });

    test('is not looked for in a cluster, which holds none', async () => {
      const code = defineObjectCheck({ ...META, id: 'iac/code', kinds: ['Terraform'], judge: () => [] });

      expect((await scanSourced(code, [])).checks).toEqual(['iac/code']);
      expect((await scanSourced(code, [], true)).checks).toEqual([]);
    });

    function scanSourced(check: Check, objects: readonly SourcedObject[], complete?: true): Promise<ScanResult> {
      const source: ObjectSource = {
        version: NEWEST_KNOWN,
        ...(complete && { complete }),
        async *list(kind) {
          await Promise.resolve();
          yield objects.filter(({ object }) => knownKind(String(object.apiVersion), String(object.kind)) === kind);
        },
      };
      return scan({ source, checks: [check], context: { version: NEWEST_KNOWN, settings: NO_SETTINGS, now: new Date(0) }, signal: new AbortController().signal });
    }
  });

  describe('owners', () => {
    test('three hundred pods of one Deployment are one finding', async () => {
      const { findings, objects } = await scanOf([perTemplate], [deployment(), replicaSet(), ...pods300()]);

      expect(findings).toHaveLength(1);
      expect(findings[0]).toMatchObject({ object: { kind: 'Deployment', namespace: 'shop', name: 'web' }, message: 'Deployment web is seen' });
      expect(findings[0]?.count).toBeUndefined();
      expect(objects).toBe(302);
    });

    test('come before what they own, whatever the order of the objects', async () => {
      const { findings } = await scanOf([perTemplate], [...pods300(), replicaSet(), deployment()]);

      expect(findings.map(({ object }) => object.kind)).toEqual(['Deployment']);
    });

    test('that could not be listed are stood for by what they own, under the same fingerprint', async () => {
      const [listed] = (await scanOf([perTemplate], [deployment(), replicaSet(), ...pods300()])).findings;
      const withoutDeployments = await scanOf([perTemplate], [replicaSet(), ...pods300()], { unlisted: { Deployment: 'no permission to list deployments' } });
      const withoutBoth = await scanOf([perTemplate], pods300(), { unlisted: { Deployment: 'no permission to list deployments', ReplicaSet: 'no permission to list replicasets' } });

      expect(withoutDeployments.findings).toMatchObject([{ object: { kind: 'ReplicaSet', name: 'web-5d9c7b6f4' }, fingerprint: listed?.fingerprint }]);
      expect(withoutBoth.findings).toMatchObject([{ object: { kind: 'Pod' }, count: 300, fingerprint: listed?.fingerprint }]);
    });

    test('of other namespaces own nothing here', async () => {
      const { findings } = await scanOf([perTemplate], [deployment({ namespace: 'bank' }), replicaSet()]);

      expect(findings.map(({ object }) => `${object.kind} ${object.namespace ?? ''}`)).toEqual(['Deployment bank', 'ReplicaSet shop']);
    });

    test('leave ReplicaSets of earlier rollouts behind, which are judged no more', async () => {
      const { findings } = await scanOf([perTemplate], [replicaSet({ replicas: 0 })]);

      expect(findings).toEqual([]);
    });

    test('a ReplicaSet without an owner is judged, also with no replicas', async () => {
      const { findings } = await scanOf([perTemplate], [replicaSet({ replicas: 0, isOwned: false })]);

      expect(findings.map(({ object }) => object.kind)).toEqual(['ReplicaSet']);
    });

    test('pods without an owner, and those of a node, are judged each', async () => {
      const mirrored = podWith('kube-proxy-n1', { apiVersion: 'v1', kind: 'Node', name: 'n1' });

      const { findings } = await scanOf([perTemplate], [podWith('a'), podWith('b'), mirrored]);

      expect(findings.map(({ object, count }) => [object.name, count])).toEqual([['a', undefined], ['b', undefined], ['kube-proxy-n1', undefined]]);
    });

    test('pods of the runs of one CronJob that could not be listed are one finding, the next run’s too', async () => {
      const run = (minutes: number) => podWith(`backup-${minutes}-x1`, { apiVersion: 'batch/v1', kind: 'Job', name: `backup-${minutes}` });

      const [before, ...others] = (await scanOf([perTemplate], [run(29412345), run(29413785)])).findings;
      const [after] = (await scanOf([perTemplate], [run(29415225)])).findings;

      expect(others).toEqual([]);
      expect(before?.count).toBe(2);
      expect(after?.fingerprint).toBe(before?.fingerprint);
    });
  });

  describe('a fingerprint', () => {
    test('stays when list entries move, when the text changes and when the object is read by another version of its API', async () => {
      const print = async (index: number, message: string, apiVersion: string) => {
        const check = problemCheck(() => [{ path: ['spec', 'template', 'spec', 'containers', index], container: 'api', message }]);
        return (await scanOf([check], [{ ...deployment(), apiVersion }])).findings[0]?.fingerprint;
      };

      expect(await print(1, 'It runs as root', 'apps/v1')).toBe(await print(0, 'It runs privileged', 'extensions/v1beta1'));
    });

    test('tells checks, items, objects, namespaces, containers and users apart', async () => {
      const problems = [{}, { container: 'a' }, { container: 'b' }, { item: 'x' }, { item: 'y' }, { user: 'ann' }, { user: 'bob' }].map((problem) => ({ message: 'It is so', ...problem }));
      const objects = [deployment(), deployment({ namespace: 'bank' }), deployment({ name: 'other' })];

      const { findings } = await scanOf([problemCheck(() => problems), problemCheck(() => problems, 'workload/another')], objects);

      expect(findings).toHaveLength(42);
      expect(new Set(findings.map(({ fingerprint }) => fingerprint)).size).toBe(42);
      for (const { fingerprint } of findings) expect(fingerprint).toMatch(/^[0-9a-f]{20}$/);
    });

    test('tells configuration files apart, which have no names', async () => {
      const file = { apiVersion: 'kubelet.config.k8s.io/v1beta1', kind: 'KubeletConfiguration' };
      const source: ObjectSource = {
        version: NEWEST_KNOWN,
        async *list(kind) {
          await Promise.resolve();
          if (kind === 'KubeletConfiguration') yield ['staging', 'production'].map((origin) => ({ object: file, origin }));
        },
      };
      const check: Check = { ...problemCheck(() => [{ message: 'The first' }, { message: 'The second' }]), kinds: ['KubeletConfiguration'] };

      const { findings } = await scan({ source, checks: [check], context: CONTEXT, signal: new AbortController().signal });

      expect(findings.map(({ origin, message }) => [origin, message])).toEqual([['staging', 'The first'], ['production', 'The first']]);
      expect(new Set(findings.map(({ fingerprint }) => fingerprint)).size).toBe(2);
    });

    test('is the same for a problem that an object has twice', async () => {
      const { findings } = await scanOf([problemCheck(() => [{ message: 'The first' }, { message: 'The second' }])], [deployment()]);

      expect(findings.map(({ message, count }) => [message, count])).toEqual([['The first', undefined]]);
    });
  });

  describe('a kind that cannot be listed', () => {
    test('leaves the checks that need it alone not evaluated', async () => {
      const result = await scanOf([onlyNamespaces, perTemplate], [deployment()], { unlisted: { Namespace: 'no permission to list namespaces' } });

      expect(result.notEvaluated).toEqual([{ check: 'workload/only-namespaces', reason: 'no permission to list namespaces', partial: false }]);
      expect(result.checks).toEqual(['workload/per-template']);
    });

    test('leaves checks of several kinds evaluated in part, kind by kind', async () => {
      const unlisted = { Deployment: 'the API server was too busy', Job: 'the API server was too busy' };

      const result = await scanOf([perTemplate], [podWith('a')], { unlisted });

      expect(result.notEvaluated).toEqual(['Deployment', 'Job'].map((kind) => ({ check: 'workload/per-template', reason: 'the API server was too busy', kind, partial: true })));
      expect(result.checks).toEqual(['workload/per-template']);
      expect(result.findings).toHaveLength(1);
    });

    test('with all other kinds of a check leaves it not evaluated at all', async () => {
      const unlisted = Object.fromEntries(WORKLOAD_KINDS.map((kind) => [kind, 'no permission']));

      const result = await scanOf([perTemplate], [], { unlisted });

      expect(result.checks).toEqual([]);
      expect(result.notEvaluated).toContainEqual({ check: 'workload/per-template', reason: 'no permission', partial: false });
    });

    test('because nobody has installed it is no gap', async () => {
      const result = await scanOf([perTemplate], [deployment()], { absent: ['DeploymentConfig'] });

      expect(result.notEvaluated).toEqual([]);
    });

    test('though every cluster has it is a gap', async () => {
      const result = await scanOf([onlyNamespaces], [], { absent: ['Namespace'] });

      expect(result.notEvaluated).toMatchObject([{ check: 'workload/only-namespaces', partial: false }]);
    });

    test('to its end keeps what was read before, and says so', async () => {
      const namespaces = ['a', 'b', 'c'].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));

      const result = await scanOf([onlyNamespaces], namespaces, { failAfter: { Namespace: 2 } });

      expect(result.findings.map(({ object }) => object.name)).toEqual(['a', 'b']);
      expect(result.notEvaluated).toEqual([{ check: 'workload/only-namespaces', reason: 'the list broke off', kind: 'Namespace', partial: true }]);
      expect(result.objects).toBe(2);
    });

    test('to its end is not used for facts: half a list is none', async () => {
      const result = await scanOf([everyPod], [podWith('a'), podWith('b')], { failAfter: { Pod: 1 } });

      expect(result.findings).toEqual([]);
      expect(result.checks).toEqual([]);
      expect(result.notEvaluated).toEqual([{ check: 'workload/every-pod', reason: 'the list broke off', partial: false }]);
    });
  });

  describe('a check', () => {
    test('that cannot be evaluated with these settings is not run, and says why', async () => {
      const result = await scanOf([{ ...perTemplate, notEvaluated: () => 'no registries are named' }], [deployment()]);

      expect(result).toMatchObject({ findings: [], checks: [], notEvaluated: [{ check: 'workload/per-template', reason: 'no registries are named', partial: false }], objects: 0 });
    });

    test('with items runs as so many, less those that the cluster does not show', async () => {
      const flags = defineClusterCheck({
        ...META,
        id: 'node/flags',
        items: { anonymous: { title: 'No' }, profiling: { title: 'No', severity: 'critical' } },
        needs: { pods },
        *judge({ pods }) {
          yield { notEvaluated: 'the control plane is managed', item: 'anonymous' };
          for (const subject of pods) yield { subject, item: 'profiling', message: 'It profiles' };
        },
      });

      const result = await scanOf([flags], [podWith('a')]);

      expect(result.checks).toEqual(['node/flags:profiling']);
      expect(result.notEvaluated).toEqual([{ check: 'node/flags', item: 'anonymous', reason: 'the control plane is managed', partial: false }]);
      expect(result.findings).toMatchObject([{ item: 'profiling', severity: 'critical' }]);
    });

    test('that throws does so for one object: the others are judged, and it counts as evaluated in part', async () => {
      const faults: string[] = [];
      const fragile = problemCheck(({ ref }) => {
        if (ref === 'b') throw new TypeError('bug');
        return [{ message: 'It is so' }];
      });

      const result = await scanOf([fragile, onlyNamespaces], ['a', 'b', 'c'].map((name) => deployment({ name })), { onFault: (unit) => faults.push(unit) });

      expect(result.findings.map(({ object }) => object.name)).toEqual(['a', 'c']);
      expect(result.notEvaluated).toEqual([{ check: 'workload/problems', reason: 'the check itself failed on an object', partial: true }]);
      expect(faults).toEqual(['workload/problems']);
    });

    test.each(['add', 'finish'] as const)('whose facts fail when they %s is not evaluated', async (where) => {
      const faults: string[] = [];
      const failing = () => {
        throw new TypeError('bug');
      };
      const check = defineClusterCheck({ ...META, id: 'workload/on-failing-facts', needs: { pods: { ...pods, [where]: failing } }, judge: () => [] });

      const result = await scanOf([check, onlyNamespaces], [podWith('a'), { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }], { onFault: (unit) => faults.push(unit) });

      expect(result.notEvaluated).toEqual([{ check: 'workload/on-failing-facts', reason: 'collecting its facts failed on an object', partial: false }]);
      expect(result.findings).toHaveLength(1);
      expect(faults).toEqual(['pods']);
    });

    test('that lacks evidence counts each object once for each reason', async () => {
      const unsure = problemCheck(({ ref }) => [{ undecided: ref === 'a' ? 'one reason' : 'another' }]);

      const { undecided, findings } = await scanOf([unsure], ['a', 'b', 'c'].map((name) => deployment({ name })));

      expect(findings).toEqual([]);
      expect(undecided).toEqual([
        { check: 'workload/problems', reason: 'one reason', count: 1, objects: new Set(['Deployment/shop/a']) },
        { check: 'workload/problems', reason: 'another', count: 2, objects: new Set(['Deployment/shop/b', 'Deployment/shop/c']) },
      ]);
    });

    test('that lacks evidence about one object of several says which, or it is about all', async () => {
      const judged = (name: (subject: Subject) => Partial<Undecided>) =>
        defineClusterCheck({
          ...META,
          id: 'workload/unsure',
          needs: { pods },
          *judge({ pods }) {
            for (const subject of pods.slice(0, 1)) yield { undecided: 'who knows', ...name(subject) };
          },
        });
      const undecidedOf = async (check: Check) => (await scanOf([check], [podOf('a'), podOf('b')])).undecided;

      expect(await undecidedOf(judged((subject) => ({ subject })))).toEqual([{ check: 'workload/unsure', reason: 'who knows', count: 1, objects: new Set(['Pod/shop/a']) }]);
      expect(await undecidedOf(judged(() => ({})))).toEqual([{ check: 'workload/unsure', reason: 'who knows', count: 1 }]);
    });

    test('that meets a value which is only known later is undecided about that object', async () => {
      const reader = problemCheck(({ object }) => (textAt(object, 'spec', 'image') === 'x' ? [] : [{ message: 'It is so' }]));

      const { undecided, findings } = await scanOf([reader], [{ ...deployment(), spec: { image: UNRESOLVED } }]);

      expect(findings).toEqual([]);
      expect(undecided).toMatchObject([{ count: 1, objects: new Set(['Deployment/shop/web']) }]);
    });
  });

  describe('progress', () => {
    test('is told before each kind and after each page, area by area', async () => {
      const told: string[] = [];
      const report = ({ kind, objects, areasDone, areas }: ScanProgress) => void told.push(`${kind} ${objects} ${areasDone.length}/${areas.length}`);
      const accounts = defineObjectCheck({ ...META, id: 'access/accounts', kinds: ['ServiceAccount'], judge: () => [] });

      await scanOf([accounts, { ...everyPod, id: 'workload/every-pod' }], [podWith('a'), podWith('b'), podWith('c')], { pageSize: 2, report });

      expect(told).toEqual(['ServiceAccount 0 0/2', 'Pod 0 1/2', 'Pod 2 1/2', 'Pod 3 1/2']);
    });
  });

  describe('an abort', () => {
    test('ends the scan at the next page with its reason', async () => {
      const stopping = new AbortController();
      let pages = 0;
      const report = () => {
        pages += 1;
        if (pages === 2) stopping.abort(new Error('canceled'));
      };

      await expect(scanOf([onlyNamespaces], Array.from({ length: 9 }, (_, index) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: `n${index}` } })), { pageSize: 1, report, signal: stopping.signal })).rejects.toThrow('canceled');

      expect(pages).toBe(2);
    });

    test('is not taken for a kind that cannot be listed', async () => {
      const stopping = new AbortController();
      const report = () => stopping.abort(new Error('canceled'));

      await expect(scanOf([onlyNamespaces], [], { unlisted: { Namespace: 'the API server did not answer' }, report, signal: stopping.signal })).rejects.toThrow('canceled');
    });
  });

  test('an error of the source that is about more than one kind ends the scan', async () => {
    const source = { ...sourceOf([]), list: () => { throw new ClusterUnreachable('the API server refuses the credentials of the bot'); } };

    await expect(scan({ source, checks: [onlyNamespaces], context: CONTEXT, signal: new AbortController().signal })).rejects.toThrow(ClusterUnreachable);
  });

  test('reads each kind once, and none that no check needs', async () => {
    const listed: Kind[] = [];
    const source = sourceOf([]);
    const watched: ObjectSource = {
      ...source,
      list: (kind, signal) => {
        listed.push(kind);
        return source.list(kind, signal);
      },
    };

    await scan({ source: watched, checks: [onlyNamespaces, everyPod, { ...everyPod, id: 'workload/every-pod-again' }], context: CONTEXT, signal: new AbortController().signal });

    expect(listed).toEqual(['Namespace', 'Pod']);
  });
});

async function findingsOf(check: Check, objects: readonly RawObject[], options: { readonly complete?: true } = {}) {
  const context = { version: NEWEST_KNOWN, settings: NO_SETTINGS, now: new Date('2026-11-01T12:00:00Z') };
  const { findings } = await scan({ source: sourceOf(objects, options), checks: [check], context, signal: new AbortController().signal });
  return findings;
}

function podOf(name: string, owner?: string): RawObject {
  const ownerReferences = owner === undefined ? [] : [{ apiVersion: 'ci.example/v1', kind: 'Run', name: owner, uid: owner, controller: true }];
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'shop', ownerReferences }, spec: { containers: [] } };
}

const CONTEXT = { version: NEWEST_KNOWN, settings: NO_SETTINGS, now: new Date('2026-11-01T12:00:00Z') };

interface ScanOf extends SourceFaults {
  readonly pageSize?: number;
  readonly report?: (progress: ScanProgress) => void;
  readonly onFault?: (unit: string) => void;
  readonly signal?: AbortSignal;
}

interface SourceFaults {
  readonly unlisted?: Readonly<Record<string, string>>;
  /** Kinds that the API server does not know. */
  readonly absent?: readonly Kind[];
  /** Kinds whose list breaks off after so many objects. */
  readonly failAfter?: Readonly<Partial<Record<Kind, number>>>;
}

function scanOf(checks: readonly Check[], objects: readonly RawObject[], { report, onFault, signal = new AbortController().signal, pageSize, ...faults }: ScanOf = {}): Promise<ScanResult> {
  const source = faultySource(sourceOf(objects, { ...(faults.unlisted && { unlisted: faults.unlisted }), ...(pageSize !== undefined && { pageSize }) }), faults);
  return scan({ source, checks, context: CONTEXT, signal, ...(report && { report }), ...(onFault && { onFault }) });
}

function faultySource(source: ObjectSource, { absent = [], failAfter = {} }: SourceFaults): ObjectSource {
  return {
    version: source.version,
    async *list(kind, signal) {
      if (absent.includes(kind)) throw new NotListed(`the API server does not serve ${kind}`, true);
      const most = failAfter[kind];
      for await (const page of source.list(kind, signal)) {
        yield page.slice(0, most);
        if (most !== undefined) throw new NotListed('the list broke off');
      }
    },
  };
}

/** One problem for every pod template. */
const perTemplate = defineObjectCheck({
  ...META,
  id: 'workload/per-template',
  kinds: WORKLOAD_KINDS,
  *judge(object) {
    yield { path: [textAt(object, 'kind') ?? ''], message: `${textAt(object, 'kind') ?? ''} ${textAt(object, 'metadata', 'name') ?? ''} is seen` };
  },
});

const onlyNamespaces = defineObjectCheck({ ...META, id: 'workload/only-namespaces', kinds: ['Namespace'], judge: () => [{ message: 'It is a namespace' }] });

/** Says of Deployments whatever a test wants said. */
function problemCheck(problems: (about: { readonly ref: string; readonly object: RawObject }) => Iterable<Problem | Undecided>, id = 'workload/problems'): Check {
  return defineObjectCheck({ ...META, id, kinds: ['Deployment'], judge: (object) => problems({ ref: textAt(object, 'metadata', 'name') ?? '', object }) });
}

function deployment({ name = 'web', namespace = 'shop' }: { readonly name?: string; readonly namespace?: string } = {}): RawObject {
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace }, spec: { template: { spec: { containers: [] } } } };
}

const HASH = '5d9c7b6f4';

function replicaSet({ replicas = 300, isOwned = true }: { readonly replicas?: number; readonly isOwned?: boolean } = {}): RawObject {
  const bare = { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name: `web-${HASH}`, namespace: 'shop', labels: { 'pod-template-hash': HASH } }, spec: { replicas } };
  return isOwned ? withOwner(bare, { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }) : bare;
}

function pods300(): readonly RawObject[] {
  return Array.from({ length: 300 }, (_, index) => podWith(`web-${HASH}-${index}`, { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `web-${HASH}` }, { 'pod-template-hash': HASH }));
}

function podWith(name: string, owner?: Owner, labels: Readonly<Record<string, string>> = {}): RawObject {
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'shop', labels }, spec: { containers: [] } };
  return owner === undefined ? pod : withOwner(pod, owner);
}

interface Owner {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}

function withOwner(object: { readonly metadata: object } & RawObject, owner: Owner): RawObject {
  return { ...object, metadata: { ...object.metadata, ownerReferences: [{ ...owner, uid: owner.name, controller: true }] } };
}
