import { defineTerraformCheck, isSet, textIn, type TerraformResource } from '#src/model/terraform.ts';

const DOCUMENTATION = { title: 'Terraform documentation: module sources', url: 'https://developer.hashicorp.com/terraform/language/modules/configuration' };
const VERSIONS = { title: 'Terraform documentation: provider requirements', url: 'https://developer.hashicorp.com/terraform/language/providers/requirements' };

const LOCAL = /^\.{1,2}(?:\/|$)|^\//;
/** `terraform-aws-modules/vpc/aws`, also with a host before it. */
const REGISTRY = /^(?:[\w.-]+\.[a-z]+\/)?[\w-]+\/[\w-]+\/[\w-]+(?:\/\/.*)?$/i;
const GIT = /^git(?:::|@)|^(?:git|ssh):\/\/|\.git(?:\/\/|\?|$)|^(?:www\.)?(?:github\.com|bitbucket\.org|gitlab\.com)\//i;

/** Reports each module and provider of which anybody may publish another version for the next run. */
export const check = defineTerraformCheck({
  id: 'iac/unpinned-source',
  title: 'Modules and providers have a version',
  severity: 'low',
  tips: [4],
  why: 'The next run takes whatever was published or pushed by then, also by somebody who took over the repository, with the rights of the pipeline.',
  fix: 'Give a version to what comes from a registry, and a ref with a tag or commit to what comes from git.',
  rules: [
    {
      types: ['module'],
      source: DOCUMENTATION,
      *judge(module) {
        const what = unpinned(module);
        if (what !== undefined) yield { path: ['source'], message: `The module comes from ${what}` };
      },
    },
    {
      types: ['required_provider'],
      source: VERSIONS,
      *judge({ values, name }) {
        if (!isSet(values, 'version')) yield { path: ['version'], message: `The provider ${name} has no version` };
      },
    },
  ],
});

function unpinned({ values }: TerraformResource): string | undefined {
  const source = textIn(values, 'source') ?? '';
  if (source === '' || LOCAL.test(source)) return undefined;
  if (GIT.test(source)) return /[?&]ref=[^&]/.test(source) ? undefined : 'git without a ref';
  if (source.startsWith('hg::')) return /[?&]rev=[^&]/.test(source) ? undefined : 'Mercurial without a rev';
  return REGISTRY.test(source) && !isSet(values, 'version') ? 'a registry without a version' : undefined;
}
