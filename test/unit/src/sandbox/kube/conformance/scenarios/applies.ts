import { APPLY_PATCH, MERGE_PATCH, type Scenario, type Step } from '../scenario.ts';

const DEPLOYMENTS = '/apis/apps/v1/namespaces/{{ns}}/deployments';
const MAPS = '/api/v1/namespaces/{{ns}}/configmaps';
const SERVICES = '/api/v1/namespaces/{{ns}}/services';

function config(spec: object, metadata: object = {}): object {
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', ...metadata }, spec };
}

const SELECTOR = { selector: { matchLabels: { app: 'web' } } };

function template(...containers: readonly object[]): object {
  return { template: { metadata: { labels: { app: 'web' } }, spec: { containers } } };
}

function apply(name: string, path: string, manager: string, body: object, query = ''): Step {
  return { name, method: 'PATCH', path: `${path}?fieldManager=${manager}${query}`, body, type: APPLY_PATCH };
}

const WEB = { name: 'web', image: 'nginx:1.27', ports: [{ containerPort: 80 }] };

export const APPLIES: readonly Scenario[] = [
  {
    name: 'applying a deployment',
    steps: [
      apply('new', `${DEPLOYMENTS}/web`, 'ops', config({ replicas: 2, ...SELECTOR, ...template(WEB) }, { labels: { app: 'web' } })),
      apply('the same again', `${DEPLOYMENTS}/web`, 'ops', config({ replicas: 2, ...SELECTOR, ...template(WEB) }, { labels: { app: 'web' } })),
      apply('another image', `${DEPLOYMENTS}/web`, 'ops', config({ replicas: 2, ...SELECTOR, ...template({ ...WEB, image: 'nginx:1.28' }) }, { labels: { app: 'web' } })),
      apply('less', `${DEPLOYMENTS}/web`, 'ops', config({ ...SELECTOR, ...template({ name: 'web', image: 'nginx:1.28' }) })),
      apply('another applier in conflict', `${DEPLOYMENTS}/web`, 'dev', config({ ...template({ name: 'web', image: 'nginx:1.29' }) })),
      apply('another applier of other fields', `${DEPLOYMENTS}/web`, 'dev', config({ replicas: 4 }, { annotations: { by: 'dev' } })),
      apply('by force', `${DEPLOYMENTS}/web`, 'dev', config({ replicas: 4, ...template({ name: 'web', image: 'nginx:1.29' }) }), '&force=true'),
      { name: 'an update takes over', method: 'PATCH', path: `${DEPLOYMENTS}/web?fieldManager=hand`, body: { spec: { replicas: 5 } }, type: MERGE_PATCH },
      apply('conflict with an update', `${DEPLOYMENTS}/web`, 'dev', config({ replicas: 4, ...template({ name: 'web', image: 'nginx:1.29' }) })),
      apply('agreement with an update', `${DEPLOYMENTS}/web`, 'dev', config({ replicas: 5, ...template({ name: 'web', image: 'nginx:1.29' }) })),
      apply('two conflicts', `${DEPLOYMENTS}/web`, 'third', config({ replicas: 1, ...template({ name: 'web', image: 'x' }) })),
      apply('dry run', `${DEPLOYMENTS}/web`, 'dev', config({ replicas: 5, ...template({ name: 'web', image: 'dry' }) }), '&dryRun=All'),
      apply('gives everything up', `${DEPLOYMENTS}/web`, 'dev', { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' } }),
      { name: 'in the end', path: `${DEPLOYMENTS}/web` },
    ],
  },
  {
    name: 'applying lists',
    steps: [
      apply('two ports', `${SERVICES}/s`, 'a', { apiVersion: 'v1', kind: 'Service', metadata: { name: 's' }, spec: { selector: { app: 'x' }, ports: [{ name: 'b', port: 2 }, { name: 'a', port: 1 }] } }),
      apply('another port', `${SERVICES}/s`, 'b', { apiVersion: 'v1', kind: 'Service', metadata: { name: 's' }, spec: { ports: [{ name: 'c', port: 3 }] } }),
      apply('in another order', `${SERVICES}/s`, 'a', { apiVersion: 'v1', kind: 'Service', metadata: { name: 's' }, spec: { selector: { app: 'x' }, ports: [{ name: 'a', port: 1 }, { name: 'd', port: 4 }, { name: 'b', port: 2 }] } }),
      apply('one port less', `${SERVICES}/s`, 'a', { apiVersion: 'v1', kind: 'Service', metadata: { name: 's' }, spec: { selector: { app: 'x' }, ports: [{ name: 'a', port: 1 }] } }),
      apply('the same key twice', `${SERVICES}/s`, 'a', { apiVersion: 'v1', kind: 'Service', metadata: { name: 's' }, spec: { ports: [{ name: 'a', port: 1 }, { name: 'e', port: 1 }] } }),
    ],
  },
  {
    name: 'applying what was created before',
    steps: [
      { name: 'create', method: 'POST', path: `${MAPS}?fieldManager=hand`, body: { metadata: { name: 'm' }, data: { a: '1', b: '2' } } },
      apply('the same value', `${MAPS}/m`, 'ops', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm' }, data: { a: '1' } }),
      apply('another value', `${MAPS}/m`, 'ops', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm' }, data: { b: '3' } }),
      apply('a new value', `${MAPS}/m`, 'ops', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm' }, data: { a: '1', c: '3' } }),
      { name: 'drop the owners', method: 'PATCH', path: `${MAPS}/m`, body: { metadata: { managedFields: [{}] } }, type: MERGE_PATCH },
      apply('after that', `${MAPS}/m`, 'ops', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm' }, data: { a: '5' } }),
      { name: 'a field is removed', method: 'PATCH', path: `${MAPS}/m?fieldManager=hand`, body: { data: { b: null } }, type: MERGE_PATCH },
    ],
  },
  {
    name: 'applying wrongly',
    steps: [
      apply('another version', `${MAPS}/m`, 'ops', { apiVersion: 'v2', kind: 'ConfigMap', metadata: { name: 'm' } }),
      apply('another name', `${MAPS}/m`, 'ops', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'other' } }),
      apply('with owners', `${MAPS}/m`, 'ops', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm', managedFields: [{ manager: 'x', operation: 'Apply' }] } }),
      apply('another type', `${MAPS}/m`, 'ops', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm' }, data: { a: 1 } }),
      apply('an unknown field', `${MAPS}/m`, 'ops', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm' }, color: 'red' }),
      apply('a wrong label', `${MAPS}/m`, 'ops', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm', labels: { a: 'not valid' } } }),
      apply('no kind', `${MAPS}/m`, 'ops', { metadata: { name: 'm' } }),
    ],
  },
];
