import { describe, expect, test } from '@jest/globals';
import { checks } from '#src/checks/index.gen.ts';
import { detections } from '#src/events/detections/index.gen.ts';
import type { Source } from '#src/model/check.ts';
import { controlsOf, findControl, FRAMEWORKS } from '#src/model/frameworks/frameworks.ts';
import { answersTo } from '#src/report/answers.ts';

const keyOf = ({ control }: Source) => (control === undefined ? undefined : `${control.framework} ${control.id}`);
const everyItem = checks.flatMap((check) => Object.entries(check.items ?? {}).map(([item, about]) => ({ check, item, sources: about.sources ?? [] })));

describe('src/model/frameworks', () => {
  test('every control that a check or detection names is in the table of its framework', () => {
    const sources = [...checks, ...detections].flatMap((unit) => unit.sources.map((source) => ({ id: unit.id, source })));
    const unknown = sources.flatMap(({ id, source: { control } }) => (control !== undefined && findControl(control) === undefined ? [`${id}: ${control.framework} ${control.id}`] : []));

    expect(unknown).toEqual([]);
  });

  test('what an item answers is a source of its check too', () => {
    const stray = everyItem.flatMap(({ check, item, sources }) => sources.filter((source) => !check.sources.some((own) => keyOf(own) === keyOf(source))).map((source) => `${check.id}:${item} ${source.title}`));

    expect(stray).toEqual([]);
    expect(everyItem.filter(({ sources }) => sources.length > 0).length).toBeGreaterThan(40);
  });

  test.each(Object.values(FRAMEWORKS).map((framework) => [framework.id, framework] as const))('%s has each control once, with a title and a page', (id, framework) => {
    const controls = controlsOf(framework);
    const ids = controls.map((control) => control.id);

    expect(framework.id).toBe(id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { title, url = framework.url } of controls) {
      expect(title).toMatch(/^\S.*[^.\s]$/);
      expect(url).toMatch(/^https:\/\//);
    }
  });

  test('every control of the Pod Security Standards is answered', () => {
    const answered = answersTo('pss', checks);

    expect(controlsOf(FRAMEWORKS.pss).filter(({ id }) => !answered.has(id))).toEqual([]);
  });

  test('what breaks a control of baseline breaks the control of restricted that is about the same', () => {
    const checksOf = (id: string) => answersTo('pss', checks).get(id)?.map(({ check }) => check.id) ?? [];

    expect(checksOf('restricted: Seccomp')).toEqual(expect.arrayContaining([...checksOf('baseline: Seccomp')]));
    expect(checksOf('restricted: /proc Mount Type')).toEqual(expect.arrayContaining([...checksOf('baseline: /proc Mount Type')]));
    expect(checksOf('restricted: Volume Types')).toEqual(expect.arrayContaining([...checksOf('baseline: HostPath Volumes')]));
  });

  test('techniques are all worked against by some check', () => {
    const answered = answersTo('mitre', checks);

    expect(controlsOf(FRAMEWORKS.mitre).filter(({ id }) => !answered.has(id))).toEqual([]);
  });

  test('alternatives are only where several checks answer', () => {
    for (const framework of Object.values(FRAMEWORKS)) {
      const answered = answersTo(framework.id, checks);
      for (const { id, alternatives } of controlsOf(framework)) if (alternatives === true) expect([id, (answered.get(id)?.length ?? 0) > 1]).toEqual([id, true]);
    }
  });
});
