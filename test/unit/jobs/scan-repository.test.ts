import { describe, expect, test } from '@jest/globals';
import { SourceFailed } from '#src/model/people.ts';
import type { OutgoingMessage } from '#src/model/outbox.ts';
import type { Repository, RepositoryResult, RepositoryScan, RepositoryState } from '#src/model/repositories.ts';
import { NO_SETTINGS } from '#src/model/settings.ts';
import type { RepositorySettings } from '#src/model/repository-settings.ts';
import { checks } from '#src/checks/index.gen.ts';
import { job } from '#jobs/scan-repository.ts';
import { servicesWith } from '#test/build/queue.ts';
import { repositoryArchive } from '#test/build/tar.ts';
import { createMovedClock } from '#test/fakes/clock.ts';
import { createKeptLog } from '#test/fakes/log.ts';

const REPOSITORY: Repository = { name: 'acme/shop', host: 'github', url: 'https://api.github.com', channel: 'C1', schedule: 'off', timeZone: 'UTC' };
const ANN = { person: 'U0ANN00001', name: 'Ann' };
const SCHEDULE = { schedule: 'Scan of the repository acme/shop' };
const BOMB = ['a: &a [x,x,x,x,x,x,x,x,x,x]', ...'bcdefgh'.split('').map((name, index) => `${name}: &${name} [${Array.from({ length: 10 }, () => `*${'abcdefgh'[index] ?? ''}`).join(',')}]`)].join('\n');

function pod(name: string, isPrivileged = true): string {
  return `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, namespace: shop }\nspec:\n  containers:\n    - name: main\n      image: registry.example/a@sha256:${'0'.repeat(64)}\n      securityContext:\n        privileged: ${String(isPrivileged)}\n`;
}

interface Run {
  readonly target?: { readonly ref?: string; readonly path?: string };
  readonly asker?: typeof ANN | typeof SCHEDULE;
  readonly last?: boolean;
}

/** A repository whose files change from scan to scan. */
function createWorld(repositories: readonly Repository[] = [REPOSITORY], judges: readonly string[] = ['workload/privileged']) {
  const states = new Map<string, RepositoryState>();
  const posts: OutgoingMessage<unknown>[] = [];
  const refs: (string | undefined)[] = [];
  const log = createKeptLog();
  const clock = createMovedClock('2026-11-23T08:00:00Z');
  let archive: Buffer | Error = repositoryArchive({});
  let settings: RepositorySettings = { name: 'acme/shop', host: 'github', unseen: {} };
  const services = servicesWith(
    {
      clock,
      checks: checks.filter(({ id }) => judges.includes(id)),
      clusters: { settings: NO_SETTINGS } as never,
      outbox: { put: (message) => Promise.resolve(void posts.push(message as OutgoingMessage<unknown>)), putFile: () => Promise.resolve() },
      repositories: {
        all: () => repositories,
        find: (name) => repositories.find((one) => one.name === name),
        start: () => Promise.resolve(),
        download: (_, ref) => {
          refs.push(ref);
          return archive instanceof Error ? Promise.reject(archive) : Promise.resolve(archive);
        },
        settings: () => Promise.resolve(settings),
        state: (target) => Promise.resolve(states.get(JSON.stringify(target))),
        keep: (target, state) => Promise.resolve(void states.set(JSON.stringify(target), JSON.parse(JSON.stringify(state)) as RepositoryState)),
      },
    },
    log,
  );
  let scans = 0;
  const run = async ({ target = {}, asker = ANN, last = false }: Run = {}): Promise<RepositoryScan | undefined> => {
    scans += 1;
    clock.advance(60_000);
    const before = posts.length;
    await job.run({ id: `s${scans}`, target: { repository: 'acme/shop', ...target }, asker, channel: 'C1' }, services, { signal: new AbortController().signal, attempt: 1, last });
    return posts.length === before ? undefined : (posts.at(-1)?.data as RepositoryScan);
  };
  return {
    posts,
    refs,
    states,
    log,
    services,
    run,
    holds(files: Readonly<Record<string, string>> | Buffer | Error, commit?: string) {
      archive = files instanceof Error || Buffer.isBuffer(files) ? files : repositoryArchive(files, commit);
    },
    tells(more: Partial<RepositorySettings>) {
      settings = { name: 'acme/shop', host: 'github', unseen: {}, ...more };
    },
  };
}

function resultOf(scan: RepositoryScan | undefined): RepositoryResult {
  if (scan === undefined || 'failure' in scan.result) throw new Error(`there is no result: ${JSON.stringify(scan?.result)}`);
  return scan.result;
}

const names = ({ shown }: RepositoryResult['fresh']) => shown.map(({ object }) => object.name);

describe('jobs/scan-repository.ts', () => {
  test('posts what is open at first, each with a link to its line at the commit', async () => {
    const world = createWorld();
    world.holds({ 'deploy/a.yaml': pod('a'), 'README.md': 'x', '.github/b.yaml': pod('b') }, 'c'.repeat(40));

    const scan = await world.run();

    expect(world.posts).toMatchObject([{ id: 'repository-scan/s1', channel: 'C1', fallbackUser: 'U0ANN00001', data: { asker: ANN, target: { repository: 'acme/shop' } } }]);
    expect(resultOf(scan)).toEqual({
      commit: 'c'.repeat(40),
      open: { critical: 1, high: 0, medium: 0, low: 0, info: 0 },
      fresh: { count: 0, shown: [] },
      fixed: { count: 0, shown: [] },
      still: {
        count: 1,
        shown: [{ check: 'workload/privileged', severity: 'critical', object: { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'a' }, message: 'Container main runs privileged', place: { file: 'deploy/a.yaml', line: 9, url: `https://github.com/acme/shop/blob/${'c'.repeat(40)}/deploy/a.yaml#L9` } }],
      },
      hidden: 0,
      suppressed: 0,
      files: 1,
      objects: 1,
      unread: { count: 0, shown: [] },
      gaps: [],
    });
  });

  test('tells new, fixed and still open apart, and links what is fixed to where it was', async () => {
    const world = createWorld();
    world.holds({ 'a.yaml': pod('a'), 'b.yaml': pod('b') }, 'a'.repeat(40));
    await world.run();
    world.holds({ 'b.yaml': `# moved down\n${pod('b')}`, 'c.yaml': pod('c') }, 'b'.repeat(40));

    const { fresh, fixed, still } = resultOf(await world.run());

    expect([names(fresh), names(fixed), names(still)]).toEqual([['c'], ['a'], ['b']]);
    expect(fixed.shown[0]?.place?.url).toBe(`https://github.com/acme/shop/blob/${'a'.repeat(40)}/a.yaml#L9`);
    expect(still.shown[0]?.place?.url).toBe(`https://github.com/acme/shop/blob/${'b'.repeat(40)}/b.yaml#L10`);
  });

  test('what was open in a file that cannot be read any more is out of sight, and not fixed', async () => {
    const world = createWorld();
    world.holds({ 'a.yaml': pod('a'), 'b.yaml': pod('b') });
    await world.run();
    world.holds({ 'a.yaml': pod('a'), 'b.yaml': 'a: [\n' });

    const { fixed, hidden, unread } = resultOf(await world.run());

    expect([fixed.count, hidden]).toEqual([0, 1]);
    expect(unread).toMatchObject({ count: 1, shown: [{ file: 'b.yaml', url: expect.stringMatching(/\/b\.yaml(#L\d+)?$/) as unknown, reason: expect.stringMatching(/./) as unknown }] });

    world.holds({ 'a.yaml': pod('a'), 'b.yaml': pod('b', false) });
    expect(names(resultOf(await world.run()).fixed)).toEqual(['b']);
  });

  test('charts and kustomizations are said not to be rendered, a chart in a chart with it', async () => {
    const world = createWorld();
    world.holds({ 'shop/Chart.yaml': 'name: shop', 'shop/charts/db/Chart.yaml': 'name: db', 'prod/kustomization.yaml': 'resources: [a.yaml]', 'prod/a.yaml': pod('a') });

    const { open, unread } = resultOf(await world.run());

    expect(open.critical).toBe(1);
    expect(unread).toMatchObject({ count: 2, shown: [{ file: 'shop/Chart.yaml', reason: expect.stringMatching(/^not rendered here/) as unknown }, { file: 'prod/kustomization.yaml', reason: expect.stringMatching(/^not rendered here/) as unknown }] });
  });

  test('what a comment leaves out is counted, and not fixed', async () => {
    const world = createWorld();
    world.holds({ 'a.yaml': pod('a') });
    await world.run();
    world.holds({ 'a.yaml': `# k8ssec:ignore workload/privileged reason="needs the device"\n${pod('a')}`, 'b.yaml': `# k8ssec:ignore workload/privileged\n${pod('b')}` });

    expect(resultOf(await world.run())).toMatchObject({ suppressed: 1, fixed: { count: 0 }, fresh: { count: 1 }, unread: { count: 1, shown: [{ file: 'b.yaml', line: 1, reason: 'k8ssec:ignore does not hold: it gives no reason' }] } });
  });

  test('looks only below a path, and at the ref that was named', async () => {
    const world = createWorld();
    world.holds({ 'deploy/a.yaml': pod('a'), 'deployment/b.yaml': pod('b'), '.hidden/c.yaml': pod('c') });

    expect(names(resultOf(await world.run({ target: { ref: 'v1', path: 'deploy' } })).still)).toEqual(['a']);
    expect(names(resultOf(await world.run({ target: { path: '.hidden' } })).still)).toEqual(['c']);
    expect(world.refs).toEqual(['v1', undefined]);
  });

  test('scans of different refs are not compared with each other', async () => {
    const world = createWorld();
    world.holds({ 'a.yaml': pod('a') });
    await world.run({ target: { ref: 'v1' } });

    expect(resultOf(await world.run({ target: { ref: 'v2' } }))).not.toHaveProperty('comparedWith');
  });

  test('a schedule says nothing while nothing has changed', async () => {
    const world = createWorld();
    world.holds({ 'a.yaml': pod('a') });

    expect(await world.run({ asker: SCHEDULE })).toBeDefined();
    expect(await world.run({ asker: SCHEDULE })).toBeUndefined();
    expect(await world.run({ asker: ANN })).toBeDefined();

    world.holds({ 'a.yaml': pod('a', false) });
    expect(resultOf(await world.run({ asker: SCHEDULE })).fixed.count).toBe(1);
  });

  test('a schedule tells once of what it cannot see, wherever it stands by then', async () => {
    const world = createWorld();
    world.holds({ 'a.yaml': pod('a'), 'shop/Chart.yaml': 'name: shop', 'b.yaml': 'a: [\n', 'c.yaml': pod('c') });
    await world.run({ asker: SCHEDULE });

    world.holds({ 'a.yaml': pod('a'), 'shop/Chart.yaml': 'name: shop', 'b.yaml': '# moved\na: [\n', 'c.yaml': pod('c') });
    expect(await world.run({ asker: SCHEDULE })).toBeUndefined();

    world.holds({ 'a.yaml': pod('a'), 'shop/Chart.yaml': 'name: shop', 'b.yaml': 'a: [\n', 'c.yaml': 'a: [\n' });
    expect(resultOf(await world.run({ asker: SCHEDULE }))).toMatchObject({ fixed: { count: 0 }, hidden: 1, unread: { count: 3 } });
    expect(await world.run({ asker: SCHEDULE })).toBeUndefined();
  });

  test('what Terraform makes of a file it does not show hides nothing that is fixed beside it', async () => {
    const world = createWorld();
    const hidden = 'resource "kubectl_manifest" "api" {\n  yaml_body = templatefile("api.tftpl", {})\n}\n';
    const api = (privileged: boolean) => `resource "kubernetes_pod" "web" {\n  metadata {\n    name = "web"\n  }\n  spec {\n    container {\n      name = "web"\n      security_context {\n        privileged = ${privileged}\n      }\n    }\n  }\n}\n`;
    world.holds({ 'main.tf': hidden + api(true) });
    await world.run();
    world.holds({ 'main.tf': hidden + api(false) });

    expect(resultOf(await world.run())).toMatchObject({ fixed: { count: 1 }, hidden: 0, unread: { count: 1, shown: [{ file: 'main.tf', line: 2 }] } });
  });

  test('a bomb of YAML is not read, and hides no other file', async () => {
    const world = createWorld();
    world.holds({ 'a.yaml': pod('a'), 'bomb.yaml': BOMB });

    expect(resultOf(await world.run())).toMatchObject({ still: { count: 1 }, unread: { count: 1, shown: [{ file: 'bomb.yaml' }] } });
  });

  test('shows ten of each kind, and counts all', async () => {
    const world = createWorld();
    world.holds({ 'all.yaml': Array.from({ length: 25 }, (_, index) => pod(`p${index}`)).join('---\n') });

    const { still } = resultOf(await world.run());

    expect([still.count, still.shown.length]).toEqual([25, 10]);
  });

  test('posts before it keeps what it found, so that a repeat compares with the same scan', async () => {
    const world = createWorld();
    world.holds({ 'a.yaml': pod('a') });
    const order: string[] = [];
    const services = {
      ...world.services,
      outbox: { ...world.services.outbox, put: () => Promise.resolve(void order.push('post')) },
      repositories: { ...world.services.repositories, keep: () => Promise.resolve(void order.push('keep')) },
    };

    await job.run({ id: 's', target: { repository: 'acme/shop' }, asker: ANN, channel: 'C1' }, services, { signal: new AbortController().signal, attempt: 1, last: false });

    expect(order).toEqual(['post', 'keep']);
  });

  test.each<[string, Readonly<Record<string, string>> | Buffer | Error, string]>([
    ['the archive is none', Buffer.from('<html>'), 'its archive is refused: it is not packed with gzip, or breaks off'],
    ['there is nothing to read', { 'a.txt': 'x' }, 'there is no YAML, JSON or Terraform file'],
    ['nothing can be read', { 'a.yaml': '\0' }, 'none of its files could be read: is binary, not text'],
    ['the token is refused', new SourceFailed('refused', 'GitHub refuses the credentials (HTTP 401)'), 'GitHub refuses the credentials (HTTP 401)'],
  ])('says at once why it failed, keeping what was known: %s', async (_, holds, failure) => {
    const world = createWorld();
    world.holds({ 'a.yaml': pod('a') });
    await world.run();
    const known = new Map(world.states);
    world.holds(holds);

    expect((await world.run())?.result).toEqual({ failure });
    expect(world.states).toEqual(known);
  });

  test('judges the settings as well, and links what it finds to their page, also when it is fixed', async () => {
    const world = createWorld([REPOSITORY], ['iac/public-repository', 'iac/stale-deploy-key']);
    world.holds({ 'a.yaml': pod('a') });
    world.tells({ visibility: 'public', deployKeys: [{ id: '7', title: 'argo', write: true, lastUsedAt: 'never' }] });

    expect(resultOf(await world.run()).still.shown.map(({ check, object, place }) => [check, object.name, place])).toEqual([
      ['iac/public-repository', 'acme/shop', { page: 'Settings', url: 'https://github.com/acme/shop/settings' }],
      ['iac/stale-deploy-key', 'acme/shop/argo', { page: 'Deploy keys', url: 'https://github.com/acme/shop/settings/keys' }],
    ]);

    world.tells({ visibility: 'private', unseen: { deployKeys: 'GitHub forbids this' } });
    const { fixed, hidden, gaps } = resultOf(await world.run());
    expect(fixed.shown.map(({ check, place }) => [check, place])).toEqual([['iac/public-repository', { page: 'Settings', url: 'https://github.com/acme/shop/settings' }]]);
    expect(hidden).toBe(1);
    expect(gaps).toEqual([{ reason: 'GitHub forbids this', checks: ['iac/stale-deploy-key'] }]);
  });

  test('says first why settings were not seen, and then what only a cluster could tell', async () => {
    const world = createWorld([REPOSITORY], ['encryption/managed-secrets-encryption-off', 'audit/managed-audit-log-off', 'iac/stale-deploy-key']);
    world.holds({ 'a.yaml': pod('a') });
    world.tells({ unseen: { deployKeys: 'GitHub forbids this' } });

    expect(resultOf(await world.run()).gaps.map(({ reason }) => reason)).toEqual(['GitHub forbids this', 'no description of a managed cluster was read']);
  });

  test('settings that a file of the repository makes up do not take the place of its own', async () => {
    const world = createWorld([REPOSITORY], ['iac/public-repository']);
    world.holds({ 'a.yaml': 'apiVersion: k8ssec.io/v1\nkind: RepositorySettings\nmetadata: { name: acme/shop }\nvisibility: private\n' });
    world.tells({ visibility: 'public' });

    expect(resultOf(await world.run()).open.high).toBe(1);
  });

  test('looks for a scanner in the pipelines, also when only a folder is scanned', async () => {
    const world = createWorld([REPOSITORY], ['iac/no-scan-in-pipeline']);
    const workflow = (command: string) => `on: pull_request\njobs:\n  check:\n    runs-on: ubuntu-latest\n    steps:\n      - run: ${command}\n        env: { TOKEN: "\${{ secrets.TOKEN }}" }\n`;
    const target = { path: 'deploy' };
    world.holds({ 'deploy/a.yaml': pod('a'), '.github/workflows/check.yml': workflow('make') });
    expect(resultOf(await world.run({ target }))).toMatchObject({ files: 1, open: { low: 1 }, still: { shown: [{ place: { page: 'Actions' } }] } });

    world.holds({ 'deploy/a.yaml': pod('a'), '.github/workflows/check.yml': workflow('npx k8ssec scan .') });
    expect(resultOf(await world.run({ target }))).toMatchObject({ fixed: { count: 1 }, unread: { count: 0 } });

    world.holds({ 'deploy/a.yaml': pod('a') });
    expect(resultOf(await world.run({ target })).fresh.count).toBe(1);

    world.holds({ 'deploy/a.yaml': pod('a'), '.github/workflows/check.yml': 'on: [' });
    expect(resultOf(await world.run({ target }))).toMatchObject({ hidden: 1, unread: { shown: [{ file: '.github/workflows/check.yml', reason: 'no YAML of a pipeline' }] }, gaps: [{ reason: '.github/workflows/check.yml was not read' }] });
  });

  test('tries again while that may help, and says it at the last attempt', async () => {
    const world = createWorld();
    world.holds(new SourceFailed('unreachable', 'GitHub cannot be reached'));

    await expect(world.run()).rejects.toThrow('GitHub cannot be reached');
    expect(world.posts).toEqual([]);
    expect((await world.run({ last: true }))?.result).toEqual({ failure: 'GitHub cannot be reached' });
  });

  test('a repository that is not configured any more is said', async () => {
    expect((await createWorld([]).run())?.result).toEqual({ failure: 'it is not configured any more' });
  });

  test('a fault of the bot is thrown on, and told when no attempt is left', async () => {
    const world = createWorld();
    world.holds(new Error('a fault'));

    await expect(world.run({ last: true })).rejects.toThrow('a fault');
    await job.onGivenUp?.({ id: 's9', target: { repository: 'acme/shop' }, asker: SCHEDULE, channel: 'C1' }, world.services, 'the bot has a fault');

    expect(world.posts).toMatchObject([{ id: 'repository-scan/s9', data: { result: { failure: 'the bot has a fault' } } }]);
  });
});
