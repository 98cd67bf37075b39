import { defineFacts, type Subject } from '#src/model/check.ts';
import { parseEmbeddedYaml } from '#src/model/embedded-yaml.ts';
import { at, isObject, textAt, textsAt, type RawObject, type Step } from '#src/model/raw.ts';

/** Settings of kubelets in a file: a KubeletConfiguration, or the one that kubeadm keeps in a ConfigMap. */
export interface KubeletSettings {
  readonly subject: Subject;
  /** By path with dots (`authentication.anonymous.enabled`), as a flag would have it. */
  readonly values: ReadonlyMap<string, string>;
  /** From the root of the object to the settings. */
  readonly path: readonly Step[];
  /** The settings are fields of the object, not text in one. */
  readonly isOwnObject: boolean;
}

/** `kubelet-config-1.23` in clusters that kubeadm made before 1.24. */
const CONFIG_MAP = /^kubelet-config(?:-1\.\d+)?$/;
const DEPTH = 4;

/** What files tell kubelets, as far as it is written. */
export const kubeletSettings = defineFacts({
  name: 'kubelet-settings',
  reads: ['KubeletConfiguration', 'ConfigMap'],
  keeps: 'the settings of each file for kubelets',
  start: (): KubeletSettings[] => [],
  add(state, object, subject) {
    if (subject.ref.kind === 'KubeletConfiguration') {
      state.push({ subject, values: flatten(object), path: [], isOwnObject: true });
      return;
    }
    if (subject.ref.namespace !== 'kube-system' || !CONFIG_MAP.test(subject.ref.name)) return;
    const settings = parseEmbeddedYaml(textAt(object, 'data', 'kubelet') ?? '')?.value;
    if (isObject(settings)) state.push({ subject, values: flatten(settings), path: ['data', 'kubelet'], isOwnObject: false });
  },
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
