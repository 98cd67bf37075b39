import { parseImage } from './image.ts';
import { textAt, textsAt, type Step } from './raw.ts';
import type { Container, PodView } from './workload.ts';

export const COMPONENTS = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'etcd', 'kubelet'] as const;
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
  return name === undefined ? undefined : { name, container, flags: flagsOf(words) };
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

function asComponent(program: string): ComponentName | undefined {
  return COMPONENTS.find((name) => name === lastStep(program));
}

function imageName({ raw }: Container): string {
  return (parseImage(textAt(raw, 'image') ?? '')?.repository ?? '').replace(ARCHITECTURE, '');
}

function lastStep(path: string): string {
  return path.split('/').at(-1) ?? '';
}
