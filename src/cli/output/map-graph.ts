import { EXTERNAL, INGRESS_CONTROLLER } from '#src/network/connectivity.ts';
import type { MapRecord } from '../map-records.ts';

/** A flowchart of Mermaid, as GitHub and others draw it. */
export function mermaidGraph({ map }: MapRecord): string {
  const ids = createIds(map.workloads);
  const nodes = [...ids].map(([name, id]) => `  ${id}["${mermaidText(name)}"]`);
  const edges = [...map.edges()].map(({ from, to, ports, ranges }) => `  ${ids.get(from) ?? ''} -->|"${mermaidText(label(ports, ranges))}"| ${ids.get(to) ?? ''}`);
  return ['flowchart LR', ...nodes, ...edges].map((line) => `${line}\n`).join('');
}

/** A graph for Graphviz. */
export function dotGraph({ map, where }: MapRecord): string {
  const ids = createIds(map.workloads);
  const nodes = [...ids].map(([name, id]) => `  ${id} [label=${dotText(name)}];`);
  const edges = [...map.edges()].map(({ from, to, ports, ranges }) => `  ${ids.get(from) ?? ''} -> ${ids.get(to) ?? ''} [label=${dotText(label(ports, ranges))}];`);
  return [`digraph ${dotText(where.cluster ?? where.file ?? 'map')} {`, '  rankdir=LR;', '  node [shape=box];', ...nodes, ...edges, '}'].map((line) => `${line}\n`).join('');
}

/** Names of objects may hold anything; ids hold nothing that a drawing program reads. */
function createIds(workloads: readonly string[]): ReadonlyMap<string, string> {
  return new Map([EXTERNAL, INGRESS_CONTROLLER, ...workloads].map((name, index) => [name, `n${index}`]));
}

function label(ports: readonly string[], ranges: readonly string[] | undefined): string {
  return [ports.join(', '), ...(ranges ?? [])].join('\n');
}

function mermaidText(text: string): string {
  return text.replace(/[^\w ./:,\n-]/gu, (character) => `#${character.codePointAt(0) ?? 0};`).replaceAll('\n', '<br/>');
}

function dotText(text: string): string {
  return JSON.stringify(text.replace(/[\p{Cc}\p{Cf}]/gu, (character) => (character === '\n' ? '\n' : ' ')));
}
