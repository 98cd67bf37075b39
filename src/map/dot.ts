import type { MapMark } from '#src/model/network-map.ts';
import { COLORS, edgeStroke, FONT, nodeFill, nodeStroke, observedStroke, xmlText, type Stroke } from './style.ts';
import type { DrawnEdge, DrawnNode, DrawnObservation, Drawing } from './summarize.ts';

const INTERNET_ID = 'internet';
const CLUSTER_NAME = 40;

/** A graph for Graphviz: the internet on the left, namespaces as boxes, what leads on to the right, and on the far right what was observed outside. */
export function dotOf({ nodes, edges, observed, left }: Drawing): string {
  const ids = new Map(nodes.map((node, index) => [node, `n${index}`]));
  const idOf = (node: DrawnNode | undefined): string => (node === undefined ? INTERNET_ID : (ids.get(node) ?? ''));
  const boxes = [...Map.groupBy(nodes, ({ namespace }) => namespace)].map(([namespace, members], index) => {
    const title = namespaceTitle(namespace, left.workloads.get(namespace) ?? 0);
    const open = `  subgraph cluster_${index} { label=<${bold(title, FONT.title - 1)}>; labeljust=l; style="rounded,filled"; color="${COLORS.faint}"; fillcolor="${COLORS.ground}"; margin=12;`;
    return [open, ...members.map((node) => `    ${idOf(node)} [${nodeLook(node)}];`), '  }'].join('\n');
  });
  const arrows = edges.map((edge) => `  ${idOf(edge.from)} -> ${idOf(edge.to)} [${edgeLook(edge)}];`);
  const hasInternet = edges.some(({ from }) => from === undefined);
  return [
    'digraph map {',
    `  rankdir=LR; bgcolor="transparent"; pad=0.05; nodesep=0.16; ranksep=0.3; fontname="${FONT.measured}";`,
    `  node [shape=box, style="rounded,filled", fontname="${FONT.measured}", fontsize=${FONT.title}, margin="0.12,0.05", width=2.1, height=0.4];`,
    `  edge [fontname="${FONT.measured}", fontsize=${FONT.text}, arrowsize=0.8];`,
    ...(hasInternet ? [`  ${INTERNET_ID} [label=<${bold('Internet', FONT.title)}>, shape=ellipse, width=1.1, style=filled, fillcolor="${COLORS.ink}", color="${COLORS.ink}", fontcolor="${COLORS.paper}"];`] : []),
    ...boxes,
    ...arrows,
    ...outside(observed, idOf),
    ...(hasInternet ? beside(nodes, edges).map((node) => `  ${INTERNET_ID} -> ${idOf(node)} [style=invis];`) : []),
    '}',
    '',
  ].join('\n');
}

/** Every arrow is laid out towards the place outside, whichever way it points, so that those stand on one side. */
function outside(observed: readonly DrawnObservation[], idOf: (node: DrawnNode) => string): readonly string[] {
  const remotes = [...new Set(observed.map(({ remote }) => remote))];
  if (remotes.length === 0) return [];
  const boxes = remotes.map((remote, index) => `o${index} [label=<${bold(clipped(remote), FONT.text)}>, shape=ellipse, width=1.1, style=filled, fillcolor="${COLORS.paper}", color="${COLORS.ink}"];`);
  return [
    `  { rank=sink; ${boxes.join(' ')} }`,
    ...observed.map(({ node, remote, direction, standing, isNew, label: [first = '', ...rest] }) => {
      const stroke = observedStroke(standing);
      const rows = [isNew ? bold(markedText('new', first), FONT.text) : small(first), ...rest.map(small)];
      return `  ${idOf(node)} -> o${remotes.indexOf(remote)} [label=<${table(rows, 'LEFT')}>, ${strokeLook(stroke)}, fontcolor="${stroke.color}"${direction === 'ingress' ? ', dir=back' : ''}];`;
    }),
  ];
}

/** Nothing leads to these: without a word they would stand on the side of the internet. */
function beside(nodes: readonly DrawnNode[], edges: readonly DrawnEdge[]): readonly DrawnNode[] {
  const reached = new Set(edges.map(({ to }) => to));
  return nodes.filter((node) => !reached.has(node));
}

function namespaceTitle(namespace: string, hidden: number): string {
  const name = namespace === '' ? 'no namespace' : clipped(namespace);
  return hidden === 0 ? name : `${name} · ${hidden} more`;
}

function clipped(name: string): string {
  return name.length > CLUSTER_NAME ? `${name.slice(0, CLUSTER_NAME - 1)}…` : name;
}

function nodeLook(node: DrawnNode): string {
  const rows = [bold(markedText(node.mark, node.title), FONT.title), ...node.notes.map(small)];
  return `label=<${table(rows, 'CENTER')}>, fillcolor="${nodeFill(node)}", ${strokeLook(nodeStroke(node), 'rounded,filled')}, fontcolor="${node.mark === 'gone' ? COLORS.gray : COLORS.ink}"`;
}

function edgeLook(edge: DrawnEdge): string {
  const { label, way, mark } = edge;
  const stroke = edgeStroke(edge);
  const lines = [...label, ...(way === 'closed' ? ['closed by policies'] : [])];
  const rows = lines.map((line, index) => (index === 0 && mark !== undefined ? bold(markedText(mark, line), FONT.text) : small(line)));
  // What the internet reaches stands next to it, whatever else leads there.
  const free = edge.from !== undefined && edge.to.isExposed ? ', constraint=false' : '';
  // From the side, past the name of the namespace above.
  const side = edge.from === undefined ? ', headport=w' : '';
  return `label=<${table(rows, 'LEFT')}>, ${strokeLook(stroke)}, fontcolor="${stroke.color}"${free}${side}`;
}

function strokeLook({ color, width, dash }: Stroke, style?: string): string {
  const styles = [style, dash].filter((part) => part !== undefined).join(',');
  return `color="${color}", penwidth=${width}${styles === '' ? '' : `, style="${styles}"`}`;
}

function markedText(mark: MapMark | undefined, text: string): string {
  return mark === undefined ? text : `${mark.toUpperCase()} ${text}`;
}

/** Never empty, which Graphviz does not accept. */
function table(rows: readonly string[], align: 'LEFT' | 'CENTER'): string {
  return `<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="1">${rows.map((row) => `<TR><TD ALIGN="${align}">${row}</TD></TR>`).join('')}</TABLE>`;
}

function bold(text: string, size: number): string {
  return `<FONT POINT-SIZE="${size}"><B>${xmlText(text) || ' '}</B></FONT>`;
}

function small(text: string): string {
  return `<FONT POINT-SIZE="${FONT.text}">${xmlText(text) || ' '}</FONT>`;
}
