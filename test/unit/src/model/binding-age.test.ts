import { describe, expect, test } from '@jest/globals';
import { givenAt, labelledAt, latest, ruledAt } from '#src/model/binding-age.ts';

const MADE = '2026-01-01T00:00:00Z';
const LATER = '2026-03-01T00:00:00+01:00';
const SUBJECTS = { 'f:subjects': {} };
const RULES = { 'f:rules': {} };
const AGGREGATION = { 'f:aggregationRule': {} };
const LABELS = { 'f:metadata': { 'f:labels': {} } };

function written(fieldsV1: object, { manager = 'kubectl', time = LATER, role = {} } = {}) {
  return { ...role, metadata: { creationTimestamp: MADE, managedFields: [{ manager: 'helm', time: MADE, fieldsV1: { ...SUBJECTS, ...RULES } }, { manager, time, fieldsV1 }, null] } };
}

describe('src/model/binding-age.ts', () => {
  test.each([
    ['subjects of a binding', givenAt, written(SUBJECTS), LATER],
    ['something else of a binding', givenAt, written(LABELS), MADE],
    ['subjects, by the bot', givenAt, written(SUBJECTS, { manager: 'k8ssec' }), MADE],
    ['subjects, at no time', givenAt, written(SUBJECTS, { time: 'soon' }), MADE],
    ['rules of a role', ruledAt, written(RULES), LATER],
    ['labels of a role', ruledAt, written(LABELS), MADE],
    ['rules, by the API server', ruledAt, written(RULES, { manager: 'kube-apiserver' }), MADE],
    ['rules of a role that aggregates others', ruledAt, written(RULES, { role: { aggregationRule: {} } }), MADE],
    ['which roles it aggregates', ruledAt, written(AGGREGATION, { role: { aggregationRule: {} } }), LATER],
    ['labels', labelledAt, written(LABELS), LATER],
    ['labels, by the API server', labelledAt, written(LABELS, { manager: 'kube-apiserver' }), MADE],
  ])('the last writing of %s', (_, since, object, expected) => {
    expect(since(object)).toBe(expected);
  });

  test.each([['binding', givenAt], ['role', ruledAt], ['label', labelledAt]])('nobody knows since when a %s of a file is there', (_, since) => {
    expect(since({ metadata: { name: 'a', managedFields: [{ manager: 'helm', time: MADE, fieldsV1: { ...SUBJECTS, ...RULES, ...LABELS } }] } })).toBeUndefined();
  });

  test.each([
    [[MADE, LATER], LATER],
    // The same moment is earlier in the day west of here.
    [['2026-03-01T00:30:00Z', '2026-02-28T23:45:00-01:00'], '2026-02-28T23:45:00-01:00'],
    [[MADE, undefined], undefined],
    [[MADE, 'soon'], undefined],
    [[], undefined],
  ])('the latest of %j is %s', (times, expected) => {
    expect(latest(times)).toBe(expected);
  });
});
