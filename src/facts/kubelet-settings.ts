import { defineFacts, type Subject } from '#src/model/check.ts';
import { parseEmbeddedYaml } from '#src/model/embedded-yaml.ts';
import { whyUnread } from '#src/model/kubelet-answer.ts';
import { at, isObject, textAt, textsAt, type RawObject, type Step } from '#src/model/raw.ts';

/** Settings of kubelets: a KubeletConfiguration of a file or as a kubelet tells it, or the one that kubeadm keeps in a ConfigMap. */
export interface KubeletSettings {
  readonly subject: Subject;
  /** By path with dots (`authentication.anonymous.enabled`), as a flag would have it. */
  readonly values: ReadonlyMap<string, string>;
  /** From the root of the object to the settings. */
  readonly path: readonly Step[];
  /** The settings are fields of the object, not text in one. */
  readonly isOwnObject: boolean;
}

interface AllSettings {
  readonly known: readonly KubeletSettings[];
  /** For each kubelet that was asked for its settings in vain, why. */
  readonly unread: readonly string[];
}

/** `kubelet-config-1.23` in clusters that kubeadm made before 1.24. */
const CONFIG_MAP = /^kubelet-config(?:-1\.\d+)?$/;
const DEPTH = 4;

/** What files tell kubelets, as far as it is written, and what kubelets say where they are asked. */
export const kubeletSettings = defineFacts({
  name: 'kubelet-settings',
  reads: ['KubeletConfiguration', 'ConfigMap'],
  keeps: 'the settings of each kubelet that was asked and of each file for kubelets',
  start: (): { known: KubeletSettings[]; unread: string[] } => ({ known: [], unread: [] }),
  add(state, object, subject) {
    const reason = subject.ref.kind === 'KubeletConfiguration' ? whyUnread(object) : undefined;
    if (reason !== undefined) {
      state.unread.push(reason);
      return;
    }
    if (subject.ref.kind === 'KubeletConfiguration') {
      state.known.push({ subject, values: flatten(object), path: [], isOwnObject: true });
      return;
    }
    if (subject.ref.namespace !== 'kube-system' || !CONFIG_MAP.test(subject.ref.name)) return;
    const settings = parseEmbeddedYaml(textAt(object, 'data', 'kubelet') ?? '')?.value;
    if (isObject(settings)) state.known.push({ subject, values: flatten(settings), path: ['data', 'kubelet'], isOwnObject: false });
  },
  finish: (state): AllSettings => state,
});

function flatten(settings: RawObject, prefix = '', depth = 0): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const key of Object.keys(settings)) {
    const value = at(settings, key);
    const name = prefix === '' ? key : `${prefix}.${key}`;
    if (Array.isArray(value)) values.set(name, textsAt(settings, key).join(','));
    else if (isObject(value) && depth < DEPTH) for (const [inner, text] of flatten(value, name, depth + 1)) values.set(inner, text);
    else if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') values.set(name, String(value));
  }
  return values;
}
