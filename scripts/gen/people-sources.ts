import { stringify } from 'yaml';
import { sources } from '#src/people/sources/index.gen.ts';
import { HEADER, type Generated } from './generated.ts';
import { code, fenced, page, table } from './markdown.ts';

const AUTHORITY = { 'staff-file': 'a file of the staff', 'identity-provider': 'an identity provider', chat: 'the chat', 'code-host': 'a code host' } as const;

/** The systems that people can be listed from, with the least rights each needs. */
export function peopleSources(): readonly Generated[] {
  const parts = sources.flatMap(({ name, title, authority, rights, notes, example }) => [
    `## ${title}`,
    `${code(`type: ${name}`)}, believed as ${AUTHORITY[authority]}. Needs: ${rights}.`,
    ...(notes.length > 0 ? [notes.map((note) => `- ${note}`).join('\n')] : []),
    fenced('yaml', stringify({ people: { sources: [{ type: name, ...example }] } }, { lineWidth: 0 })),
  ]);
  const text = page(
    `<!-- ${HEADER} -->`,
    '# Sources of people',
    'Systems that know who belongs to the organisation, as the configuration file names them under `people.sources`. Several may be named; an entry may carry a `name` of its own. A secret is never in the file: `{ env: NAME }` or `{ file: PATH }` says where it is, and it is read anew each time.',
    'An answer counts only when it is whole. One that fails, stops in the middle, is empty, or lacks more than `people.shrinkLimitPercent` of those who belonged changes nothing: `/k8ssec status` says so, and nobody is taken for departed meanwhile. Where systems disagree about a person, nothing is proposed; from most to least believed: a file of the staff, an identity provider, the chat, a code host.',
    'Right before a removal that was approved is carried out, Slack, Okta, Entra ID, GitHub, SCIM, LDAP and the file of the staff are asked once more for that one person. Whoever is back keeps their access, and the request is void; when a system does not answer, nothing is removed and it is tried again.',
    table(['type', 'system', 'believed as'], sources.map(({ name, title, authority }) => [code(name), title, AUTHORITY[authority]])),
    ...parts,
  );
  return [{ path: 'docs/people-sources.md', text }];
}
