import { weakCipherSuites } from '#src/model/cipher-suites.ts';
import type { Severity } from '#src/model/finding.ts';
import { parseGoBoolean, parseGoDuration } from '#src/model/go-values.ts';
import { listOf, said, type NumberedRow } from '../flag-rows.ts';

/** Where kubelets have a setting. */
export interface SettingNames {
  readonly flag: string;
  /** Path in a KubeletConfiguration, with dots; absent for what only a flag can say. */
  readonly key?: string;
}

/** The settings of one kubelet, or of all that read one file. */
export interface KubeletView {
  readonly value: (names: SettingNames) => string | undefined;
  /** Whether flags alone decide. What is not set has other defaults then than in a file. */
  readonly byFlags: boolean;
  /** How the setting is called here, for people: `--anonymous-auth`. */
  readonly called: (names: SettingNames) => string;
}

export interface KubeletRow extends NumberedRow {
  readonly names: readonly SettingNames[];
  /** What is wrong, in one sentence. */
  readonly judge: (view: KubeletView) => string | undefined;
}

const TLS_BOOTSTRAP: SettingNames = { flag: 'rotate-server-certificates', key: 'serverTLSBootstrap' };
const GATE = 'RotateKubeletServerCertificate';
const GATES: SettingNames = { flag: 'feature-gates', key: `featureGates.${GATE}` };

/** The settings of a kubelet, by item. */
export const ROWS: Readonly<Record<string, KubeletRow>> = {
  'anonymous-auth': row('Requests without credentials are refused', 'critical', '4.2.1', { flag: 'anonymous-auth', key: 'authentication.anonymous.enabled' }, (text, { byFlags }) =>
    (text === undefined ? byFlags : parseGoBoolean(text) !== false) ? 'It takes requests without credentials' : undefined,
  ),
  'authorization-mode': row('The kubelet asks the API server who may do what', 'critical', '4.2.2', { flag: 'authorization-mode', key: 'authorization.mode' }, (text, { byFlags }) =>
    (text === undefined ? byFlags : text === 'AlwaysAllow') ? 'Whoever reaches it may do everything' : undefined,
  ),
  'client-ca-file': row('Clients can show certificates', 'high', '4.2.3', { flag: 'client-ca-file', key: 'authentication.x509.clientCAFile' }, (text) => (text ? undefined : 'It takes no certificates of clients')),
  'read-only-port': row('There is no port without credentials', 'high', '4.2.4', { flag: 'read-only-port', key: 'readOnlyPort' }, (text, { byFlags }) =>
    (text === undefined ? byFlags : text !== '0') ? 'It tells everybody about its pods on a port without credentials' : undefined,
  ),
  'streaming-idle-timeout': row('Idle sessions end', 'low', '4.2.5', { flag: 'streaming-connection-idle-timeout', key: 'streamingConnectionIdleTimeout' }, (text) =>
    text !== undefined && parseGoDuration(text) === 0 ? 'Sessions that nobody uses never end' : undefined,
  ),
  'iptables-chains': row('The kubelet keeps the rules of the firewall that Kubernetes needs', 'low', '4.2.6', { flag: 'make-iptables-util-chains', key: 'makeIPTablesUtilChains' }, (text) =>
    text !== undefined && parseGoBoolean(text) === false ? 'It does not keep the rules of the firewall that Kubernetes needs' : undefined,
  ),
  'hostname-override': row('The node has the name of its host', 'low', '4.2.7', { flag: 'hostname-override' }, (text) => (text === undefined ? undefined : 'The name of the node may differ from the one in certificates')),
  'event-qps': row('Events are limited', 'info', '4.2.8', { flag: 'event-qps', key: 'eventRecordQPS' }, (text) => (text !== undefined && Number(text) === 0 ? 'It may flood the API server with events' : undefined)),
  'tls-cert': {
    title: 'The kubelet has a certificate that others can check',
    severity: 'medium',
    cis: '4.2.9',
    names: [{ flag: 'tls-cert-file', key: 'tlsCertFile' }, { flag: 'tls-private-key-file', key: 'tlsPrivateKeyFile' }, TLS_BOOTSTRAP],
    judge(view) {
      if (parseGoBoolean(view.value(TLS_BOOTSTRAP) ?? '') === true) return undefined;
      const missing = this.names.slice(0, 2).filter((names) => !view.value(names));
      return missing.length === 0 ? undefined : `It answers with a certificate that it signs itself: ${missing.map(view.called).join(' and ')} ${missing.length === 1 ? 'is' : 'are'} not set`;
    },
  },
  'rotate-certificates': row('Client certificates are renewed', 'medium', '4.2.10', { flag: 'rotate-certificates', key: 'rotateCertificates' }, (text) =>
    text !== undefined && parseGoBoolean(text) === false ? 'Its client certificate is not renewed' : undefined,
  ),
  'rotate-server-certificates': {
    title: 'Server certificates are renewed',
    severity: 'medium',
    cis: '4.2.11',
    names: [TLS_BOOTSTRAP, GATES],
    judge(view) {
      const gates = view.value(GATES);
      const isOff = view.byFlags ? listOf(gates).some((gate) => gate.toLowerCase() === `${GATE}=false`.toLowerCase()) : gates === 'false';
      if (isOff) return `Its server certificate is not renewed: the feature gate ${GATE} is off`;
      const text = view.value(TLS_BOOTSTRAP);
      return parseGoBoolean(text ?? '') === true ? undefined : `Its server certificate is not renewed: ${view.called(TLS_BOOTSTRAP)} is ${text === undefined ? 'not set' : said(text)}`;
    },
  },
  'tls-cipher-suites': {
    title: 'Only strong cipher suites are used',
    severity: 'medium',
    cis: '4.2.12',
    names: [{ flag: 'tls-cipher-suites', key: 'tlsCipherSuites' }],
    judge({ value }) {
      const weak = this.names.flatMap((names) => weakCipherSuites(value(names) ?? ''));
      return weak.length === 0 ? undefined : `It takes cipher suites that are weak or unknown: ${weak.join(', ')}`;
    },
  },
  'pod-pids-limit': row('Pods can start only so many processes', 'low', '4.2.13', { flag: 'pod-max-pids', key: 'podPidsLimit' }, (text) => (text === undefined || !(Number(text) > 0) ? 'One pod may start so many processes that the node stops' : undefined)),
  'seccomp-default': row('Pods without a seccomp profile get that of the runtime', 'low', '4.2.14', { flag: 'seccomp-default', key: 'seccompDefault' }, (text) =>
    parseGoBoolean(text ?? '') === true ? undefined : 'Pods that name no seccomp profile may make every system call',
  ),
  'protect-kernel-defaults': row('The kubelet does not change the kernel', 'low', undefined, { flag: 'protect-kernel-defaults', key: 'protectKernelDefaults' }, (text) =>
    parseGoBoolean(text ?? '') === true ? undefined : 'It changes settings of the kernel that differ from what it wants',
  ),
};

/** A row about one setting; the sentence goes on with how it is set. */
function row(title: string, severity: Severity, number: string | undefined, names: SettingNames, judge: (text: string | undefined, view: KubeletView) => string | undefined): KubeletRow {
  return {
    title,
    severity,
    ...(number !== undefined && { cis: number }),
    names: [names],
    judge(view) {
      const text = view.value(names);
      const problem = judge(text, view);
      return problem === undefined ? undefined : `${problem}: ${view.called(names)} is ${text === undefined ? 'not set' : said(text)}`;
    },
  };
}
