import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { AUTHORITIES, type SourceDeps } from '#src/model/people.ts';
import { sources } from '#src/people/sources/index.gen.ts';

/** Nothing of the world is there: whoever makes a source must not need it yet. */
const NOTHING: SourceDeps = {
  clock: { now: nobodyKnows },
  secret: () => Promise.reject(new Error('read before anybody was listed')),
  wait: () => Promise.reject(new Error('waited before anybody was listed')),
};

function nobodyKnows(): never {
  throw new Error('asked for the time before anybody was listed');
}

describe('src/people/sources', () => {
  test('every source is named after its file, and each name and title stands once', async () => {
    const files = (await readdir('src/people/sources')).filter((file) => file.endsWith('.ts') && file !== 'index.gen.ts').map((file) => file.replace('.ts', ''));

    expect(sources.map(({ name }) => name).sort()).toEqual(files.sort());
    expect(new Set(sources.map(({ title }) => title)).size).toBe(sources.length);
  });

  describe.each(sources.map((source) => [source.name, source] as const))('%s', (name, source) => {
    test('has a name for files of configuration, a title, and an authority that there is', () => {
      expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(source.title).toMatch(/^\S.*\S$/);
      expect(AUTHORITIES).toContain(source.authority);
    });

    test('says which rights it needs, within a sentence, and what to know in whole ones', () => {
      expect(source.rights).toMatch(/^[a-z].*[^.\s]$/);
      expect(source.notes.length).toBeGreaterThan(0);
      for (const note of source.notes) expect(note).toMatch(/^[A-Z`].*\.$/);
    });

    test('its example fits its settings, holds no secret, and is all that it takes to make one', () => {
      const made = source.create(source.settings.parse(source.example), 'of-hr', NOTHING);

      expect(made).toMatchObject({ name: 'of-hr', type: name, authority: source.authority });
      for (const [key, value] of Object.entries(source.example)) if (/token|secret|password|key$/i.test(key)) expect(value).toEqual(expect.objectContaining(Object.keys(value as object)[0] === 'env' ? { env: expect.any(String) } : { file: expect.any(String) }));
    });

    test('takes no setting that it does not know, and keeps type and name for the entry itself', () => {
      expect(source.settings.safeParse({ ...source.example, colour: 'blue' }).success).toBe(false);
      const shape = z.toJSONSchema(source.settings, { io: 'input', unrepresentable: 'any' });
      expect(Object.keys(shape.properties ?? {})).not.toEqual(expect.arrayContaining(['type']));
      expect(Object.keys(shape.properties ?? {})).not.toEqual(expect.arrayContaining(['name']));
    });

    test('the docs tell of it', async () => {
      const page = await readFile('docs/people-sources.md', 'utf8');

      expect(page).toContain(`| \`${name}\` | ${source.title} |`);
      expect(page).toContain(`## ${source.title}\n`);
      for (const text of [source.rights, ...source.notes]) expect(page).toContain(text);
    });
  });
});
