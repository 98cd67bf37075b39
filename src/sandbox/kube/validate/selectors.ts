import { isObject, objectAt, objectsAt, textAt, textsAt, type RawObject } from '#src/model/raw.ts';
import type { Causes } from './causes.ts';
import { validateLabels } from './metadata.ts';

const OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist'];

export function validateSelector(selector: RawObject, field: string, causes: Causes): void {
  validateLabels((objectAt(selector, 'matchLabels') ?? {}) as Record<string, string>, `${field}.matchLabels`, causes);
  for (const [index, expression] of objectsAt(selector, 'matchExpressions')) {
    const place = `${field}.matchExpressions[${index}]`;
    const operator = textAt(expression, 'operator') ?? '';
    const hasValues = textsAt(expression, 'values').length > 0;
    if (!OPERATORS.includes(operator)) causes.invalid(`${place}.operator`, operator, 'not a valid selector operator');
    else if (operator.endsWith('In') && !hasValues) causes.required(`${place}.values`, "must be specified when `operator` is 'In' or 'NotIn'");
    else if (!operator.endsWith('In') && hasValues) causes.forbidden(`${place}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
  }
}

/** Whether a `LabelSelector` object picks these labels; an empty one picks everything. */
export function selectorMatches(selector: RawObject, labels: Readonly<Record<string, unknown>>): boolean {
  const wanted = Object.entries(objectAt(selector, 'matchLabels') ?? {});
  if (!wanted.every(([key, value]) => labels[key] === value)) return false;
  return objectsAt(selector, 'matchExpressions').every(([, expression]) => {
    const value = labels[textAt(expression, 'key') ?? ''];
    switch (textAt(expression, 'operator')) {
      case 'In':
        return typeof value === 'string' && textsAt(expression, 'values').includes(value);
      case 'NotIn':
        return typeof value !== 'string' || !textsAt(expression, 'values').includes(value);
      case 'Exists':
        return value !== undefined;
      case 'DoesNotExist':
        return value === undefined;
      default:
        return false;
    }
  });
}

export function isEmptySelector(selector: unknown): boolean {
  return isObject(selector) && Object.keys(objectAt(selector, 'matchLabels') ?? {}).length === 0 && objectsAt(selector, 'matchExpressions').length === 0;
}
