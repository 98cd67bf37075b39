import { objectsAt, textAt, textMapAt, textsAt, type RawObject } from './raw.ts';

/** Whether labels are selected. */
export type LabelSelector = (labels: ReadonlyMap<string, string>) => boolean;

/** Reads a selector with `matchLabels` and `matchExpressions`; the object is not kept. An empty one selects everything, one with an unknown operator nothing. */
export function parseLabelSelector(selector: RawObject): LabelSelector {
  const wanted = [...textMapAt(selector, 'matchLabels')];
  const expressions = objectsAt(selector, 'matchExpressions').map(([, expression]) => parseExpression(expression));
  return (labels) => wanted.every(([key, value]) => labels.get(key) === value) && expressions.every((holds) => holds(labels));
}

function parseExpression(expression: RawObject): LabelSelector {
  const key = textAt(expression, 'key') ?? '';
  const values = new Set(textsAt(expression, 'values'));
  switch (textAt(expression, 'operator')) {
    case 'In':
      return (labels) => values.has(labels.get(key) ?? '') && labels.has(key);
    case 'NotIn':
      return (labels) => !labels.has(key) || !values.has(labels.get(key) ?? '');
    case 'Exists':
      return (labels) => labels.has(key);
    case 'DoesNotExist':
      return (labels) => !labels.has(key);
    default:
      return () => false;
  }
}
