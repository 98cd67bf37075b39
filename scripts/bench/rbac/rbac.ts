import { isDeepStrictEqual } from 'node:util';
import { rbac } from '#src/facts/rbac.ts';
import type { CheckContext } from '#src/model/check.ts';
import { textAt, type RawObject } from '#src/model/raw.ts';
import { RBAC_RESOURCES, type ResourceName } from '#src/model/rbac-resources.ts';
import { VERBS } from '#src/model/rbac-rights.ts';
import { subjectKey } from '#src/model/rbac-subject.ts';
import type { RbacTable } from '#src/model/rbac-table.ts';
import { NO_SETTINGS } from '#src/model/settings.ts';
import { NEWEST_KNOWN } from '#src/model/version.ts';
import { BenchFault, least, measureRounds, ratioOf, sampleOf, seededNumbers, type Bench, type BenchOptions } from '../harness.ts';
import { generateRbac, RBAC_KINDS, type RbacLists } from './lists.ts';
import { whoCanNaively, type ParsedLists, type Question } from './naive.ts';

const SIZES = { small: { roles: 600, bindings: 1000 }, full: { roles: 3000, bindings: 5000 } } as const;
/** A single time is too short to be measured well. */
const REPEATS = 5;
/** Compared with a plain loop before anything is timed. */
const QUESTIONS = 300;
const CONTEXT: CheckContext = { version: NEWEST_KNOWN, settings: NO_SETTINGS, now: new Date('2026-11-23T08:00:00Z') };
/** The names of `RBAC_RESOURCES` are these. */
const RESOURCES = RBAC_RESOURCES.map(({ name }) => name) as readonly ResourceName[];

export const bench: Bench = {
  name: 'rbac',
  summary: 'who can do what for every subject, against parsing the same lists (C)',
  async run(options) {
    const { roles, bindings } = SIZES[options.size];
    const lists = generateRbac(roles, bindings, options.seed);
    const parsed = parse(lists);
    options.note(`comparing ${QUESTIONS} answers of the table with a plain loop`);
    checkAnswers(tableOf(parsed), parsed, options);
    options.note(`${roles} roles, ${bindings} bindings: ${options.pairs} pairs`);
    const samples = await measureRounds(
      {
        parse: () => sampleOf(() => repeat(() => parse(lists))),
        table: () => sampleOf(() => repeat(() => tableOf(parsed))),
        complete: () => sampleOf(() => repeat(() => answerEverything(tableOf(parsed)))),
      },
      options.pairs,
    );
    const cpu = ({ cpuMs }: { readonly cpuMs: number }) => cpuMs;
    return {
      targets: [{ id: 'C', says: 'CPU of the table and every answer ÷ JSON.parse of the same lists', atMost: 2.5, ...ratioOf(samples.complete, samples.parse, cpu) }],
      figures: [
        { name: 'JSON.parse', value: least(samples.parse.map(cpu)) / REPEATS, unit: 'ms' },
        { name: 'table alone', value: least(samples.table.map(cpu)) / REPEATS, unit: 'ms' },
        { name: 'table and every answer', value: least(samples.complete.map(cpu)) / REPEATS, unit: 'ms' },
      ],
    };
  },
};

function repeat(run: () => unknown): void {
  for (let times = 0; times < REPEATS; times += 1) run();
}

function parse(lists: RbacLists): ParsedLists {
  const itemsOf = (text: string) => (JSON.parse(text) as { readonly items: readonly RawObject[] }).items;
  return { Role: itemsOf(lists.Role), ClusterRole: itemsOf(lists.ClusterRole), RoleBinding: itemsOf(lists.RoleBinding), ClusterRoleBinding: itemsOf(lists.ClusterRoleBinding) };
}

function tableOf(lists: ParsedLists): RbacTable {
  const state = rbac.start();
  for (const kind of RBAC_KINDS) {
    for (const object of lists[kind]) {
      const namespace = textAt(object, 'metadata', 'namespace');
      rbac.add(state, object, { ref: { kind, name: textAt(object, 'metadata', 'name') ?? '', ...(namespace !== undefined && { namespace }) }, stock: false });
    }
  }
  return rbac.finish(state, CONTEXT);
}

/** What each subject may do in each namespace where a binding names it, and who in the whole cluster may do each thing there is. */
function answerEverything(table: RbacTable): void {
  const scopes = new Set<string>();
  for (const { subjects, namespace } of table.bindings) {
    for (const subject of subjects) {
      const scope = `${subjectKey(subject)} ${namespace ?? ''}`;
      if (!scopes.has(scope)) table.rightsOf(subject, namespace);
      scopes.add(scope);
    }
  }
  for (const resource of RESOURCES) for (const verb of VERBS) table.whoCan({ verbs: [verb], resources: [resource] });
}

function checkAnswers(table: RbacTable, lists: ParsedLists, { seed }: BenchOptions): void {
  const random = seededNumbers(seed);
  const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T;
  const namespaces = [undefined, ...new Set(table.bindings.map(({ namespace }) => namespace))];
  for (let asked = 0; asked < QUESTIONS; asked += 1) {
    const question: Question = { verb: pick(VERBS), resource: pick(RESOURCES), namespace: pick(namespaces) };
    const answer = new Set(table.whoCan({ verbs: [question.verb], resources: [question.resource] }, question.namespace).keys());
    if (!isDeepStrictEqual(answer, whoCanNaively(lists, question))) throw new BenchFault(`the table has another answer than a plain loop to who can ${question.verb} ${question.resource} in ${question.namespace ?? 'the whole cluster'}`);
  }
}
