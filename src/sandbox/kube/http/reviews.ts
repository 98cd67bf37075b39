import { isObject, objectAt, textAt, textsAt, type RawObject } from '#src/model/raw.ts';
import type { PolicyRule, Attributes } from '../access/rules.ts';
import { MASTERS, type User } from '../access/user.ts';
import type { Users } from '../access/users.ts';
import { together } from '../access/authorizer.ts';
import { trackUpdate } from '../apply/track.ts';
import { timestamp, type KubeObject } from '../object.ts';
import { badRequest, invalid, notFound } from '../status.ts';
import { DEFAULT_AUDIENCES, type AccountTokens } from '../access/tokens.ts';
import { emptyObject, readObject, schemaOf } from '../write/read-object.ts';
import { fieldSet } from '../apply/field-set.ts';
import { answer, type Answer, type ResourceCall } from './call.ts';
import { readBody, readingOf, type Writing } from './writing.ts';

const AUTHORIZATION = { group: 'authorization.k8s.io', resource: '' };

type Review = (object: KubeObject, call: ResourceCall, writing: Writing, users: Users) => KubeObject;

/** Kinds that are questions: they are answered and not stored. */
const REVIEWS: Readonly<Record<string, Review>> = {
  SelfSubjectAccessReview: (object, call, writing) => withStatus(object, access(object, call.user, writing)),
  SubjectAccessReview: (object, _call, writing) => withStatus(object, access(object, reviewed(object), writing)),
  LocalSubjectAccessReview(object, call, writing) {
    const { namespace } = call.info;
    if (textAt(object, 'spec', 'resourceAttributes', 'namespace') !== namespace) refuse('spec.resourceAttributes.namespace', textAt(object, 'spec', 'resourceAttributes', 'namespace') ?? '', 'must match metadata.namespace');
    return withStatus(object, access(object, reviewed(object), writing));
  },
  SelfSubjectRulesReview: (object, call, writing) => ({ ...object, metadata: {}, spec: {}, status: rulesStatus(object, call.user, writing) }),
  SelfSubjectReview: (object, call, writing) => ({
    ...object,
    metadata: { creationTimestamp: timestamp(writing.now()) },
    status: { userInfo: userInfo(call.user) },
  }),
  TokenReview: (object, _call, _writing, users) => withStatus(object, tokenStatus(object, users)),
};

export function isReview(kind: string): boolean {
  return REVIEWS[kind] !== undefined;
}

export async function review(call: ResourceCall, writing: Writing, users: Users): Promise<Answer> {
  const { resource, context } = call;
  const object = readObject(await readBody(call, resource.kind), resource, writing.catalog, readingOf(call));
  const schema = schemaOf(resource);
  const managedFields = trackUpdate(emptyObject(resource), object, undefined, {
    schema,
    apiVersion: resource.apiVersion,
    manager: context.manager,
    subresource: '',
    ignored: fieldSet(['status']),
    now: timestamp(writing.now()),
  });
  const owned = { ...object, metadata: { ...object.metadata, managedFields } };
  const answered = REVIEWS[resource.kind]?.(owned, call, writing, users) ?? owned;
  const { kind, apiVersion, ...rest } = answered;
  return answer({ kind, apiVersion, ...rest }, 201);
}

function withStatus(object: KubeObject, status: RawObject): KubeObject {
  return { ...object, status };
}

function refuse(field: string, value: unknown, detail: string): never {
  throw invalid(AUTHORIZATION, '', [{ reason: 'FieldValueInvalid', message: `Invalid value: ${JSON.stringify(value)}: ${detail}`, field }]);
}

function reviewed(object: KubeObject): User {
  const spec = objectAt(object, 'spec') ?? {};
  const [name, groups, uid] = [textAt(spec, 'user') ?? '', textsAt(spec, 'groups'), textAt(spec, 'uid')];
  if (name === '' && groups.length === 0) refuse('spec.user', '', 'at least one of user or group must be specified');
  return { name, groups, ...(uid !== undefined && { uid }) };
}

function access(object: KubeObject, user: User, { cluster }: Writing): RawObject {
  const [resource, path] = [objectAt(object, 'spec', 'resourceAttributes'), objectAt(object, 'spec', 'nonResourceAttributes')];
  if ((resource === undefined) === (path === undefined)) {
    const shown = path === undefined ? null : { Path: textAt(path, 'path') ?? '', Verb: textAt(path, 'verb') ?? '' };
    refuse('spec', shown, 'exactly one of nonResourceAttributes or resourceAttributes must be specified');
  }
  const { allowed, reason } = cluster.authorizer.decide(user, attributesOf(resource, path));
  return { allowed, ...(reason !== '' && { reason }) };
}

function attributesOf(resource: RawObject | undefined, path: RawObject | undefined): Attributes {
  const text = (field: string): string => textAt(resource, field) ?? '';
  return {
    verb: textAt(resource ?? path, 'verb') ?? '',
    isResource: resource !== undefined,
    group: text('group'),
    resource: text('resource'),
    subresource: text('subresource'),
    name: text('name'),
    namespace: text('namespace'),
    path: textAt(path, 'path') ?? '',
  };
}

function rulesStatus(object: KubeObject, user: User, { cluster }: Writing): RawObject {
  const namespace = textAt(object, 'spec', 'namespace') ?? '';
  if (namespace === '') throw badRequest('no namespace on request');
  const { rules, errors } = cluster.authorizer.rulesFor(user, namespace);
  const masters = user.groups.includes(MASTERS) ? [{ resources: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }], paths: [{ verbs: ['*'], nonResourceURLs: ['*'] }] }] : [];
  return {
    resourceRules: [...masters.flatMap(({ resources }) => resources), ...rules.filter((rule) => rule.resources.length > 0).map(shownRule)],
    nonResourceRules: [...masters.flatMap(({ paths }) => paths), ...rules.filter((rule) => rule.nonResourceURLs.length > 0).map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs }))],
    incomplete: errors.length > 0,
    ...(errors.length > 0 && { evaluationError: together(errors) }),
  };
}

function shownRule({ verbs, apiGroups, resources, resourceNames }: PolicyRule): RawObject {
  return { verbs, apiGroups, resources, ...(resourceNames.length > 0 && { resourceNames }) };
}

function userInfo({ name, uid, groups, extra }: User): RawObject {
  return { username: name, ...(uid !== undefined && { uid }), groups, ...(extra && { extra }) };
}

function tokenStatus(object: KubeObject, users: Users): RawObject {
  const user = users.byToken(textAt(object, 'spec', 'token') ?? '');
  if (user === undefined) return { user: {}, error: 'invalid bearer token' };
  return { authenticated: true, user: userInfo(user), audiences: DEFAULT_AUDIENCES };
}

const DEFAULT_TOKEN_SECONDS = 3600;
const MIN_TOKEN_SECONDS = 600;

/** A new token for a service account, as `kubectl create token` asks for it. */
export async function requestToken(call: ResourceCall, writing: Writing, tokens: AccountTokens): Promise<Answer> {
  const { name, namespace } = call.info;
  const account = writing.store.get('serviceaccounts', `${namespace}/${name}`);
  if (account === undefined) throw notFound(call.resource, name);
  const raw = await readBody(call, 'TokenRequest');
  const spec = isObject(raw.spec) ? raw.spec : {};
  const seconds = typeof spec.expirationSeconds === 'number' ? spec.expirationSeconds : DEFAULT_TOKEN_SECONDS;
  if (seconds < MIN_TOKEN_SECONDS) {
    const message = `Invalid value: ${seconds}: may not specify a duration less than 10 minutes`;
    throw invalid({ group: 'authentication.k8s.io', resource: 'TokenRequest' }, name, [{ reason: 'FieldValueInvalid', message, field: 'spec.expirationSeconds' }]);
  }
  const audiences = textsAt(spec, 'audiences').length > 0 ? textsAt(spec, 'audiences') : DEFAULT_AUDIENCES;
  const token = tokens.issue({ namespace, name, uid: account.metadata.uid ?? '' }, seconds, audiences);
  const now = writing.now();
  const metadata = { name, namespace, creationTimestamp: timestamp(now) };
  const status = { token, expirationTimestamp: timestamp(new Date(now.getTime() + seconds * 1000)) };
  return answer({ kind: 'TokenRequest', apiVersion: 'authentication.k8s.io/v1', metadata, spec: { audiences, expirationSeconds: seconds, boundObjectRef: null }, status }, 201);
}
