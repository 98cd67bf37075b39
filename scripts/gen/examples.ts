import { readFile } from 'node:fs/promises';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { readTerraform } from '#src/iac/terraform/read.ts';
import type { CertificateTerm } from '#src/model/certificate-term.ts';
import type { ConnectionCertificates } from '#src/model/connection-certificates.ts';
import type { RawObject } from '#src/model/raw.ts';
import { SEVERITIES } from '#src/model/finding.ts';
import { USER_STATUSES, type KnownUsers } from '#src/model/known-users.ts';
import type { KnownUses } from '#src/model/known-uses.ts';
import { SSH_ANSWERS } from '#src/model/ssh.ts';

const expectedFinding = z.strictObject({
  object: z.string(),
  container: z.string().optional(),
  item: z.string().optional(),
  severity: z.enum(SEVERITIES).optional(),
  path: z.string().optional(),
  related: z.array(z.string()).optional(),
  message: z.string().optional(),
  evidence: z.string().optional(),
  ports: z.array(z.string()).optional(),
});

const knownUsers = z
  .strictObject({
    /** By user or ARN; everybody else is active. */
    standings: z.record(z.string(), z.strictObject({ status: z.enum(USER_STATUSES), why: z.string(), person: z.string().optional() })).default({}),
    peopleGap: z.string().optional(),
    watchGap: z.string().optional(),
    windowDays: z.number().default(60),
  })
  // As for real, the cloud's name tells where the cluster's does not.
  .transform(({ standings, peopleGap, watchGap, windowDays }): KnownUsers => ({
    ...(peopleGap !== undefined && { peopleGap }),
    ...(watchGap !== undefined && { watchGap }),
    windowDays,
    standingOf(user, arns) {
      const told = [user, ...arns].flatMap((name) => standings[name] ?? []);
      const { status, why, person } = told.find((standing) => standing.status !== 'unknown') ?? told[0] ?? { status: 'active', why: '' };
      return { status, why, ...(person !== undefined && { person: { id: person } }) };
    },
  }));

const knownUses = z
  .strictObject({
    /** As findings name them: `RoleBinding/shop/dev`. */
    used: z.array(z.string()).default([]),
    actors: z.array(z.string()).default([]),
    tools: z.array(z.strictObject({ namespace: z.string(), name: z.string(), tool: z.string(), from: z.string(), day: z.string() })).default([]),
    namesBindings: z.boolean().default(true),
    watchGap: z.string().optional(),
    windowDays: z.number().default(60),
  })
  .transform(({ used, actors, watchGap, ...same }): KnownUses => ({
    ...same,
    ...(watchGap !== undefined && { watchGap }),
    isUsed: ({ kind, namespace, name }) => used.includes([kind, ...(namespace === undefined ? [] : [namespace]), name].join('/')),
    actors: new Set(actors),
  }));

const term = z.strictObject({ name: z.string(), from: z.string(), until: z.string() }).transform(({ name, from, until }): CertificateTerm => ({ name, fromMs: Date.parse(from), untilMs: Date.parse(until) }));

const connection = z.union([
  z.strictObject({ unseen: z.string() }),
  z.strictObject({ server: z.tuple([term], term), bot: term.optional() }).transform(({ server, bot }): ConnectionCertificates => ({ server, ...(bot && { bot }) })),
]);

const example = z.strictObject({
  title: z.string(),
  /** What is found, nothing more: `Kind/name`, or an object that says more about the finding. */
  finds: z.array(z.union([z.string().transform((object) => ({ object })), expectedFinding])),
  /** Reasons for which it is not decided, in any order. */
  undecided: z.array(z.string()).optional(),
  /** Reasons for which it is not evaluated, in any order. */
  notEvaluated: z.array(z.string()).optional(),
  /** Kubernetes version, such as v1.24; the newest known otherwise. */
  version: z.string().optional(),
  /** Settings of the site. */
  settings: z.record(z.string(), z.unknown()).optional(),
  /** The objects are all there is, as in a live cluster; otherwise they are what some files hold. */
  complete: z.literal(true).optional(),
  /** Certificates of the connection to the API server. */
  connection: connection.optional(),
  /** What came of trying the port of SSH, by address. */
  sshAnswers: z.record(z.string(), z.enum(SSH_ANSWERS)).optional(),
  /** What the sources of people and the audit log say. */
  users: knownUsers.optional(),
  /** What the audit log says was used. */
  uses: knownUses.optional(),
  /** Kinds that cannot be listed, with the reason. */
  unlisted: z.record(z.string(), z.string()).optional(),
  objects: z.array(z.custom<RawObject>((value) => typeof value === 'object' && value !== null)).optional(),
  /** In place of objects, the text of a `.tf` file. */
  terraform: z.string().optional(),
}).refine(({ objects, terraform }) => (objects === undefined) !== (terraform === undefined), 'either objects or terraform is needed');

/** One example beside a check: documentation and test at once. */
export interface Example extends Omit<z.output<typeof example>, 'objects' | 'terraform'> {
  readonly objects: readonly RawObject[];
  /** What its objects are written in. */
  readonly language: 'yaml' | 'hcl';
  /** As written in the file, for the docs. */
  readonly source: string;
}

export type ExpectedFinding = z.output<typeof expectedFinding>;

/** The examples beside a check. Throws, with the file's name, on one that is not well formed. */
export async function examplesOf(id: string): Promise<readonly Example[]> {
  const file = `src/checks/${id}/examples.yaml`;
  const text = await readFile(file, 'utf8');
  return Promise.all(
    parseAllDocuments(text).map(async (document, index) => {
      const parsed = example.safeParse(document.toJS());
      if (document.errors.length > 0 || !parsed.success) {
        throw new Error(`${file}, example ${index + 1}: ${document.errors[0]?.message ?? parsed.error?.message ?? ''}`);
      }
      const { objects = [], terraform, ...said } = parsed.data;
      const language = terraform === undefined ? 'yaml' : 'hcl';
      return { ...said, language, objects: terraform === undefined ? objects : await objectsOf(terraform, file), source: text.slice(document.range[0], document.range[1]).trim() };
    }),
  );
}

async function objectsOf(terraform: string, file: string): Promise<readonly RawObject[]> {
  const content = (await readTerraform([{ name: 'main.tf', text: terraform }])).get('main.tf');
  if (content === undefined || 'reason' in content) throw new Error(`${file}: ${content?.reason ?? 'nothing was read'}`);
  return content.objects.flatMap(({ object, makes = [] }) => [object, ...makes.map((made) => made.object)]);
}
