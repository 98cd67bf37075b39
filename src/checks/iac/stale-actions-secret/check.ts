import { repositorySettings, type RepositoryFacts } from '#src/facts/repository-settings.ts';
import { defineClusterCheck, type CheckContext, type ClusterProblem, type NotEvaluated, type Undecided } from '#src/model/check.ts';
import type { CodeHost } from '#src/model/repositories.ts';
import { whyUnseen, type EnvironmentSecret, type PipelineSecret } from '#src/model/repository-settings.ts';
import { belonging, daysSince, eachRepository, github, OLD_DAYS, unseen } from '../repositories.ts';

/** Names that the keys of clouds usually have whose pipelines can also do with short tokens. */
const CLOUD_KEYS: Readonly<Record<string, RegExp>> = {
  AWS: /(?:^|_)AWS_SECRET(?:_ACCESS)?_KEY(?:_|$)/,
  Azure: /(?:^|_)(?:AZURE_CREDENTIALS|AZURE_CLIENT_SECRET|ARM_CLIENT_SECRET)(?:_|$)/,
  'Google Cloud': /(?:^|_)(?:GCP|GCLOUD|GKE|GOOGLE)_(?:\w+_)?(?:CREDENTIALS|SA_KEY|KEY|KEYFILE|SERVICE_ACCOUNT)(?:_|$)/,
};

type Part = 'secrets' | 'organizationSecrets' | 'environmentSecrets';

/** Where pipelines of a code host get secrets from, of which names and dates can be asked for. */
const PARTS: Readonly<Record<CodeHost, readonly Part[]>> = { github: ['secrets', 'organizationSecrets', 'environmentSecrets'], gitlab: ['secrets'] };

/** Reports secrets of pipelines that were not renewed for long, and keys of clouds that pipelines need not have. */
export const check = defineClusterCheck({
  id: 'iac/stale-actions-secret',
  title: 'Secrets of pipelines are renewed, and pipelines have no lasting keys of a cloud',
  severity: 'medium',
  tips: [4, 5],
  why: 'Every workflow of the repository can read the secret and send it away, and a stolen copy works until somebody renews it.',
  fix: 'Renew the secret; where the cloud takes the OpenID Connect token of a workflow, use that and delete the key.',
  sources: [
    github('security of GitHub Actions', 'actions/reference/security/secure-use'),
    github('OpenID Connect', 'actions/concepts/security/openid-connect'),
  ],
  items: {
    old: { title: `Secrets of pipelines are renewed within ${OLD_DAYS} days` },
    'cloud-key': { title: 'Pipelines sign in to clouds with short tokens' },
  },
  needs: { repositorySettings },
  *judge({ repositorySettings }, context) {
    yield* eachRepository(repositorySettings, function* secretsOf(repository): Iterable<ClusterProblem | NotEvaluated | Undecided> {
      const { settings } = repository;
      const parts = PARTS[settings.host];
      const missed = parts.filter((part) => settings[part] === undefined);
      const [first] = missed;
      if (first !== undefined && missed.length === parts.length) yield unseen(settings, first);
      else yield* missed.map((part) => ({ undecided: whyUnseen(settings, part) }));
      for (const part of parts) {
        for (const [index, secret] of (settings[part] ?? []).entries()) yield* problemsOf(repository, secret, [part, index], context);
      }
    });
  },
});

function* problemsOf(repository: RepositoryFacts, secret: PipelineSecret | EnvironmentSecret, path: readonly [Part, number], context: CheckContext): Iterable<ClusterProblem> {
  const { name, changedAt } = secret;
  const where = 'environment' in secret ? `environment ${secret.environment}/` : path[0] === 'organizationSecrets' ? 'organisation/' : '';
  const about = { subject: belonging(repository, 'ActionsSecret', `${where}${name}`), path };
  const age = daysSince(changedAt, repository.settings, context);
  const cloud = Object.keys(CLOUD_KEYS).find((key) => CLOUD_KEYS[key]?.test(name.toUpperCase()));
  if (age !== undefined && age > OLD_DAYS) yield { ...about, item: 'old', message: `The secret was not renewed for ${age} days` };
  if (cloud !== undefined) yield { ...about, item: 'cloud-key', message: `The secret is named like a lasting key of ${cloud}` };
}
