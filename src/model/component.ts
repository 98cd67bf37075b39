import { parseImage, type Image } from './image.ts';
import { objectsAt, textAt, textsAt, type Step } from './raw.ts';
import { parseVersion, type KubernetesVersion } from './version.ts';
import type { Container, PodView } from './workload.ts';

export const COMPONENTS = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'etcd', 'kubelet', 'kube-proxy'] as const;
export type ComponentName = (typeof COMPONENTS)[number];

export interface Flag {
  /** `true` for a flag without a value. */
  readonly value: string;
  /** From the root of the object that holds the container. */
  readonly path: readonly Step[];
}

/** A component of Kubernetes that a container runs. */
export interface Component {
  readonly name: ComponentName;
  readonly container: Container;
  /** Version of Kubernetes that the tag of its image names; undefined where it names none, and for etcd. */
  readonly version: KubernetesVersion | undefined;
  /** By name without dashes; of a flag that is given twice, the last one. */
  readonly flags: ReadonlyMap<string, Flag>;
}

interface Word {
  readonly text: string;
  readonly path: readonly Step[];
}

const SHELLS: ReadonlySet<string> = new Set(['sh', 'ash', 'bash', 'dash']);
const ARCHITECTURE = /-(amd64|arm|arm64|ppc64le|s390x)$/;

/** The components that the containers of a pod run, going by their command, else by their image. */
export function componentsOf(pod: PodView): readonly Component[] {
  return pod.containers.flatMap((container) => componentOf(container) ?? []);
}

function componentOf(container: Container): Component | undefined {
  const command = wordsAt(container, 'command');
  const words = unwrapShell([...command, ...wordsAt(container, 'args')]);
  const program = words[0] !== undefined && !words[0].text.startsWith('-') ? words[0].text : undefined;
  const name = asComponent(program ?? '') ?? (command.length === 0 ? asComponent(imageName(container)) : undefined);
  if (name === undefined) return undefined;
  const flags = flagsOf(words);
  const version = name === 'etcd' ? undefined : parseVersion(imageOf(container)?.tag ?? '');
  return { name, container, version, flags: name === 'etcd' ? new Map([...variablesOf(container), ...flags]) : flags };
}

function wordsAt({ raw, path }: Container, field: 'command' | 'args'): readonly Word[] {
  return textsAt(raw, field).map((text, index) => ({ text, path: [...path, field, index] }));
}

/** `sh -c "exec kube-apiserver --x"` runs what the text says, from the first word that names a component. */
function unwrapShell(words: readonly Word[]): readonly Word[] {
  const script = words[words.findIndex(({ text }) => text === '-c') + 1];
  if (script === undefined || !SHELLS.has(lastStep(words[0]?.text ?? ''))) return words;
  const inner = script.text.split(/\s+/).map((text) => ({ text, path: script.path }));
  const start = inner.findIndex(({ text }) => asComponent(text) !== undefined);
  return start === -1 ? inner : inner.slice(start);
}

function flagsOf(words: readonly Word[]): ReadonlyMap<string, Flag> {
  const flags = new Map<string, Flag>();
  for (const [index, { text, path }] of words.entries()) {
    if (!text.startsWith('--')) continue;
    const equals = text.indexOf('=');
    const next = words[index + 1]?.text;
    if (equals !== -1) flags.set(text.slice(2, equals), { value: text.slice(equals + 1), path });
    else flags.set(text.slice(2), { value: next === undefined || next.startsWith('-') ? 'true' : next, path });
  }
  return flags;
}

/** etcd reads `ETCD_CERT_FILE` where `--cert-file` is not given. */
function variablesOf({ raw, path }: Container): ReadonlyMap<string, Flag> {
  return new Map(
    objectsAt(raw, 'env').flatMap(([index, variable]): [string, Flag][] => {
      const [, name] = /^ETCD_([A-Z_]+)$/.exec(textAt(variable, 'name') ?? '') ?? [];
      const value = textAt(variable, 'value');
      return name === undefined || value === undefined ? [] : [[name.toLowerCase().replaceAll('_', '-'), { value, path: [...path, 'env', index, 'value'] }]];
    }),
  );
}

function asComponent(program: string): ComponentName | undefined {
  return COMPONENTS.find((name) => name === lastStep(program));
}

function imageName(container: Container): string {
  return (imageOf(container)?.repository ?? '').replace(ARCHITECTURE, '');
}

function imageOf({ raw }: Container): Image | undefined {
  return parseImage(textAt(raw, 'image') ?? '');
}

function lastStep(path: string): string {
  return path.split('/').at(-1) ?? '';
}
