import { OPTIONS, type Option } from '#src/config/options.ts';
import { HEADER, type Generated } from './generated.ts';
import { code, page, table } from './markdown.ts';

/** The settings' page and an example of an environment file. */
export function configuration(): readonly Generated[] {
  const options: readonly Option[] = Object.values(OPTIONS);
  const rows = options.map(({ env, flag, type, default: preset, secret, text }) => [
    code(env),
    flag === undefined ? '' : code(`--${flag}`),
    typeof type === 'string' ? type : type.map(code).join(', '),
    preset === undefined ? '' : code(preset),
    `${text}${secret ? ` Also read from the file named by ${code(`${env}_FILE`)}.` : ''}`,
  ]);
  const docs = page(
    `<!-- ${HEADER} -->`,
    '# Configuration',
    'A flag of `k8ssec start` wins over the environment, and that over the configuration file. Everything that is wrong is named at once; an unknown `K8SSEC_…` variable or key of the file is an error.',
    table(['variable', 'flag', 'type', 'default', 'what it does'], rows),
    'What is not a single value stands in the configuration file: clusters, roles, digests, sources of people, roles that can be asked for, who approves, what checks and detections are told about the site, and whose connections with the outside are watched. [k8ssec.example.yaml](k8ssec.example.yaml) shows every key.',
  );
  const example = options.map(({ env, default: preset, text }) => `# ${text}\n#${env}=${preset ?? ''}`);
  return [
    { path: 'docs/configuration.md', text: docs },
    { path: '.env.example', text: `# ${HEADER}\n# Copy to .env and fill in what you need.\n\n${example.join('\n\n')}\n` },
  ];
}
