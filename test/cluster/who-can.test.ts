import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { configFor } from '#src/kube/contexts.ts';
import { createApiClient, type ApiClient } from '#src/kube/request.ts';
import { openCluster } from '#src/kube/source.ts';
import { booleanAt, textAt, type RawObject } from '#src/model/raw.ts';
import { readAccessMap } from '#src/people/access-map.ts';
import type { WhoCan } from '#src/people/who-can.ts';
import { askedAtRandom, rightsNamespaces, rightsObjects, seededRandom, type Asked } from '#test/build/rights-world.ts';

// Needs a kubeconfig as test/cluster/kube-conformance.test.ts does.
const kubeconfig = process.env.K8SSEC_TEST_KUBECONFIG;
const QUESTIONS = 3000;
/** Sent at a time. */
const BATCH = 20;
/** The API server learns of new bindings a moment after they are there. */
const LAG_MS = 5000;
const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const RESOURCES: Readonly<Record<string, string>> = { Role: 'roles', ClusterRole: 'clusterroles', RoleBinding: 'rolebindings', ClusterRoleBinding: 'clusterrolebindings' };

(kubeconfig === undefined ? describe.skip : describe)('src/people/who-can against a real API server', () => {
  const mark = `who-${randomBytes(4).toString('hex')}`;
  const seed = randomBytes(4).readUInt32BE();
  const random = seededRandom(seed);
  const objects = rightsObjects(random, mark);
  const signal = new AbortController().signal;
  let client: ApiClient;
  let who: WhoCan;

  beforeAll(async () => {
    client = createApiClient(configFor({ text: readFileSync(kubeconfig ?? '', 'utf8') }));
    for (const name of rightsNamespaces(mark)) await made('/api/v1/namespaces', { metadata: { name } });
    for (const object of objects) await made(pathOf(object), object);
    ({ whoCan: who } = await readAccessMap('real', await openCluster(client, signal), new Date(), signal));
  }, 60_000);

  afterAll(async () => {
    for (const object of objects) await client.send({ method: 'DELETE', path: `${pathOf(object)}/${textAt(object, 'metadata', 'name') ?? ''}` }, signal);
    for (const name of rightsNamespaces(mark)) await client.send({ method: 'DELETE', path: `/api/v1/namespaces/${name}` }, signal);
    client.close();
  }, 60_000);

  async function made(path: string, body: RawObject): Promise<RawObject> {
    const answer = await client.send({ method: 'POST', path, body }, signal);
    const text = answer.body.toString('utf8');
    if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${text}`);
    return JSON.parse(text) as RawObject;
  }

  async function serverSays({ user, groups, question }: Asked): Promise<boolean> {
    const attributes = 'url' in question ? { nonResourceAttributes: { verb: question.verb, path: question.url } } : { resourceAttributes: question };
    const review = await made('/apis/authorization.k8s.io/v1/subjectaccessreviews', { spec: { user, groups, ...attributes } });
    return booleanAt(review, 'status', 'allowed') ?? false;
  }

  test(
    `agrees with SubjectAccessReview in ${QUESTIONS} questions at random`,
    async () => {
      const asked = askedAtRandom(random, mark, QUESTIONS);
      const verdicts = { allowed: 0, denied: 0 };
      for (let start = 0; start < asked.length; start += BATCH) {
        await Promise.all(
          asked.slice(start, start + BATCH).map(async (one) => {
            const ours = who.may(one.user, one.groups, one.question).allowed;
            let theirs = await serverSays(one);
            for (const until = Date.now() + LAG_MS; theirs !== ours && Date.now() < until; theirs = await serverSays(one)) await wait(200);
            verdicts[theirs ? 'allowed' : 'denied'] += 1;
            expect({ seed, ...one, allowed: ours }).toEqual({ seed, ...one, allowed: theirs });
          }),
        );
      }

      expect(verdicts.allowed).toBeGreaterThan(QUESTIONS / 20);
      expect(verdicts.denied).toBeGreaterThan(QUESTIONS / 20);
    },
    300_000,
  );
});

function pathOf(object: RawObject): string {
  const namespace = textAt(object, 'metadata', 'namespace');
  return `${RBAC}/${namespace === undefined ? '' : `namespaces/${namespace}/`}${RESOURCES[textAt(object, 'kind') ?? ''] ?? ''}`;
}
