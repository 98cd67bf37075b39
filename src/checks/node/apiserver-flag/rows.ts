import { weakCipherSuites } from '#src/model/cipher-suites.ts';
import { parseGoBoolean, parseGoDuration } from '#src/model/go-values.ts';
import { forbids, listOf, needsAll, needsSwitch, said, type FlagRow, type FlagRows } from '../flag-rows.ts';

const ENABLED = 'enable-admission-plugins';
const DISABLED = 'disable-admission-plugins';
/** Before 1.10 a list named every plugin, in their order. */
const OLD_LIST = 'admission-control';
const NEW_LIST_MINOR = 10;
const LONGEST_REQUEST_MS = 5 * 60_000;

/** The flags of an API server, by item. `anonymous-auth` and `event-rate-limit` may also be said by files, see check.ts. */
export const ROWS: FlagRows = {
  'anonymous-auth': {
    title: 'Requests without credentials are refused',
    severity: 'high',
    cis: '1.2.1',
    flags: ['anonymous-auth'],
    judge(read) {
      const text = read('anonymous-auth');
      if (text !== undefined) return parseGoBoolean(text) === false ? undefined : `It takes requests without credentials: --anonymous-auth is ${said(text)}`;
      if (read('authentication-config') !== undefined) return { undecided: 'whether requests without credentials are taken is said in a file of the control plane (--authentication-config)' };
      return 'It takes requests without credentials: --anonymous-auth is not set, which means true';
    },
  },
  'token-auth-file': { title: 'Nobody signs in with a static token', severity: 'high', cis: '1.2.2', ...forbids('token-auth-file', 'It takes static tokens, which never end') },
  'basic-auth-file': { title: 'Nobody signs in with a static password', severity: 'critical', ...forbids('basic-auth-file', 'It takes static passwords') },
  'deny-service-external-ips': {
    title: 'Services cannot take over addresses',
    severity: 'low',
    cis: '1.2.3',
    ...needsPlugin('DenyServiceExternalIPs', 'Whoever may write Services may take over any address by externalIPs'),
  },
  'kubelet-client-cert': {
    title: 'The API server shows kubelets a certificate',
    severity: 'high',
    cis: '1.2.4',
    ...needsAll(['kubelet-client-certificate', 'kubelet-client-key'], 'It calls kubelets without a certificate'),
  },
  'kubelet-certificate-authority': {
    title: 'The API server checks the certificates of kubelets',
    severity: 'medium',
    cis: '1.2.5',
    ...needsAll(['kubelet-certificate-authority'], 'It does not check whom it talks to when it calls a kubelet'),
  },
  'kubelet-https': { title: 'The API server calls kubelets by HTTPS', severity: 'high', ...needsSwitch('kubelet-https', true, true, 'It calls kubelets without TLS') },
  'event-rate-limit': { title: 'Events are limited', severity: 'low', cis: '1.2.9', ...needsPlugin('EventRateLimit', 'One workload can fill etcd with events') },
  'always-admit': {
    title: 'Admission does not let everything through',
    severity: 'critical',
    cis: '1.2.10',
    flags: [ENABLED],
    judge: (read) => (listOf(read(ENABLED)).includes('AlwaysAdmit') ? `Admission lets everything through: --${ENABLED} has AlwaysAdmit` : undefined),
  },
  'always-pull-images': { title: 'Images are pulled with the credentials of the pod', severity: 'low', cis: '1.2.11', ...needsPlugin('AlwaysPullImages', 'Pods may run private images that another pod brought to the node') },
  'service-account-plugin': { title: 'Pods run as a ServiceAccount that exists', severity: 'high', cis: '1.2.12', ...keepsPlugin('ServiceAccount') },
  'namespace-lifecycle': { title: 'Nothing is created in namespaces that are going away', severity: 'medium', cis: '1.2.13', ...keepsPlugin('NamespaceLifecycle') },
  'node-restriction': { title: 'Kubelets can change only what is theirs', severity: 'high', cis: '1.2.14', ...needsPlugin('NodeRestriction', 'A kubelet may change other nodes and their pods') },
  'security-context-deny': { title: 'Pods cannot take over their node', severity: 'info', goneIn: 30, ...needsOneOf(['SecurityContextDeny', 'PodSecurityPolicy']) },
  'pod-security-policy': { title: 'PodSecurityPolicies are enforced', severity: 'info', goneIn: 25, ...needsOneOf(['PodSecurityPolicy']) },
  'insecure-port': {
    title: 'There is no port without TLS',
    severity: 'critical',
    goneIn: 24,
    flags: ['insecure-port'],
    judge: (read) => (read('insecure-port') === '0' ? undefined : `It answers without TLS and credentials: --insecure-port is ${said(read('insecure-port') ?? 'not set, which means 8080')}`),
  },
  'insecure-bind-address': { title: 'No address is without TLS', severity: 'critical', ...forbids('insecure-bind-address', 'It answers without TLS and credentials') },
  'secure-port': {
    title: 'The port with TLS is open',
    severity: 'critical',
    flags: ['secure-port'],
    judge: (read) => (read('secure-port') === '0' ? 'It has no port with TLS: --secure-port is 0' : undefined),
  },
  profiling: { title: 'Profiling is off', severity: 'low', cis: '1.2.15', ...needsSwitch('profiling', false, true, 'It shows what it is doing inside to whoever may ask') },
  'request-timeout': { title: 'Requests end after a minute or so', severity: 'low', cis: '1.2.20', flags: ['request-timeout'], judge: (read) => slowRequests(read('request-timeout')) },
  'service-account-lookup': {
    title: 'Tokens of deleted ServiceAccounts do not count',
    severity: 'high',
    cis: '1.2.21',
    ...needsSwitch('service-account-lookup', true, true, 'Tokens of ServiceAccounts that were deleted still count'),
  },
  'service-account-key-file': {
    title: 'Tokens of ServiceAccounts have a key of their own',
    severity: 'medium',
    cis: '1.2.22',
    ...needsAll(['service-account-key-file'], 'Tokens of ServiceAccounts are checked with the key of the server itself, which cannot be replaced alone'),
  },
  'etcd-client-cert': { title: 'The API server shows etcd a certificate', severity: 'high', cis: '1.2.23', ...needsAll(['etcd-certfile', 'etcd-keyfile'], 'It calls etcd without a certificate') },
  'tls-cert': { title: 'The API server has a certificate of its own', severity: 'high', cis: '1.2.24', ...needsAll(['tls-cert-file', 'tls-private-key-file'], 'It answers with a certificate that it signs itself') },
  'client-ca-file': { title: 'Clients can show certificates', severity: 'high', cis: '1.2.25', ...needsAll(['client-ca-file'], 'It takes no certificates of clients') },
  'etcd-cafile': { title: 'The API server checks the certificate of etcd', severity: 'high', cis: '1.2.26', ...needsAll(['etcd-cafile'], 'It does not check whom it talks to when it calls etcd') },
  'tls-cipher-suites': {
    title: 'Only strong cipher suites are used',
    severity: 'medium',
    cis: '1.2.29',
    flags: ['tls-cipher-suites'],
    judge(read) {
      const list = read('tls-cipher-suites');
      if (!list) return { severity: 'low', message: 'Its cipher suites are those of its Go version: --tls-cipher-suites is not set' };
      const weak = weakCipherSuites(list);
      return weak.length === 0 ? undefined : `It takes cipher suites that are weak or unknown: ${weak.join(', ')}`;
    },
  },
  'service-account-token-extension': {
    title: 'Tokens of ServiceAccounts end when they say',
    severity: 'low',
    cis: '1.2.30',
    ...needsSwitch('service-account-extend-token-expiration', false, true, 'Tokens in pods hold for a year instead of an hour'),
  },
};

function needsPlugin(plugin: string, why: string): Pick<FlagRow, 'flags' | 'judge'> {
  return {
    flags: [ENABLED],
    judge: (read) => (listOf(read(ENABLED)).includes(plugin) ? undefined : `${why}: --${ENABLED} lacks ${plugin}`),
  };
}

/** A plugin that is on by default and may be switched off, or left out of a list of the older style, which is the whole list. */
function keepsPlugin(plugin: string): Pick<FlagRow, 'flags' | 'judge'> {
  return {
    flags: [DISABLED, OLD_LIST],
    judge(read, { version }) {
      if (listOf(read(DISABLED)).includes(plugin)) return `The admission plugin ${plugin} is off: --${DISABLED} has it`;
      const whole = version.minor < NEW_LIST_MINOR ? [OLD_LIST, ENABLED] : [OLD_LIST];
      const list = whole.find((flag) => read(flag) !== undefined);
      return list !== undefined && !listOf(read(list)).includes(plugin) ? `The admission plugin ${plugin} is off: --${list} lacks it` : undefined;
    },
  };
}

function needsOneOf(plugins: readonly string[]): Pick<FlagRow, 'flags' | 'judge'> {
  return {
    flags: [ENABLED],
    judge(read) {
      const list = read(ENABLED);
      return list === undefined || plugins.some((plugin) => listOf(list).includes(plugin)) ? undefined : `No admission plugin keeps pods from taking over their node: --${ENABLED} lacks ${plugins.join(' and ')}`;
    },
  };
}

function slowRequests(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const ms = parseGoDuration(text);
  if (ms === undefined) return `Requests may last as long as they like: --request-timeout is no length of time (${said(text)})`;
  if (ms <= 0) return `Requests may last as long as they like: --request-timeout is ${text}`;
  return ms > LONGEST_REQUEST_MS ? `Few slow requests can occupy it: --request-timeout is ${text}` : undefined;
}
