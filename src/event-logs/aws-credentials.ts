import { z } from 'zod';
import { isSafe } from '#src/model/api-settings.ts';
import type { CloudwatchSettings } from '#src/model/event-intake.ts';
import { SourceFailed, type SourceDeps } from '#src/model/people.ts';
import { parsed } from '#src/people/sources/support/api.ts';
import { createSender } from '#src/people/sources/support/send.ts';

export interface AwsKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of keys that Amazon gives out for a while. */
  readonly sessionToken?: string;
}

export interface AwsCredentials {
  /** @throws {SourceFailed} */
  readonly keys: (signal: AbortSignal) => Promise<AwsKeys>;
  /** Those that were given out last are not used any more. */
  readonly forget: () => void;
}

/** What Amazon sets in pods, as its own clients read it. */
export type AwsEnvironment = Readonly<Record<string, string | undefined>>;

const BOUNDS = { timeoutMs: 10_000, maxBytes: 2 ** 20, maxPages: 1, maxWaitMs: 60_000 };
/** New ones are asked for so long before the end. */
const EARLY_MS = 5 * 60_000;
const SESSION = 'k8ssec';
const STS = 'Amazon STS';
const STS_RIGHTS = 'a trust policy of the role that names the ServiceAccount of k8ssec';
const AGENT = 'the EKS Pod Identity Agent';
const AGENT_RIGHTS = 'a pod identity association of the ServiceAccount of k8ssec';
/** On these addresses of the node itself Amazon's agents answer in the clear. */
const AGENT_HOSTS: ReadonlySet<string> = new Set(['169.254.170.2', '169.254.170.23', '[fd00:ec2::23]']);

const givenShape = z.object({ AccessKeyId: z.string().min(1), SecretAccessKey: z.string().min(1), Token: z.string().min(1), Expiration: z.iso.datetime() });
type Given = z.output<typeof givenShape>;
/** Nothing in these values is ever escaped in XML. */
const FIELDS = { AccessKeyId: /<AccessKeyId>([\w]+)<\/AccessKeyId>/, SecretAccessKey: /<SecretAccessKey>([\w+/=]+)<\/SecretAccessKey>/, Token: /<SessionToken>([\w+/=]+)<\/SessionToken>/, Expiration: /<Expiration>([\dTZ:.-]+)<\/Expiration>/ };

/**
 * The access key of the configuration; without one, what the pod is given by Amazon: the role of its ServiceAccount (IRSA), else by an
 * EKS pod identity.
 */
export function createAwsCredentials({ accessKeyId, secretAccessKey, stsUrl }: Pick<CloudwatchSettings, 'accessKeyId' | 'secretAccessKey' | 'stsUrl'>, env: AwsEnvironment, deps: SourceDeps): AwsCredentials {
  let known: { readonly keys: AwsKeys; readonly untilMs: number } | undefined;
  return {
    async keys(signal) {
      if (accessKeyId !== undefined && secretAccessKey !== undefined) return { accessKeyId: await deps.secret(accessKeyId), secretAccessKey: await deps.secret(secretAccessKey) };
      const now = deps.clock.now().getTime();
      if (known !== undefined && now < known.untilMs) return known.keys;
      const { AccessKeyId, SecretAccessKey, Token, Expiration } = await given(env, stsUrl, deps, signal);
      const keys = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: Token };
      known = { keys, untilMs: Date.parse(Expiration) - EARLY_MS };
      return keys;
    },
    forget() {
      known = undefined;
    },
  };
}

async function given(env: AwsEnvironment, stsUrl: string, deps: SourceDeps, signal: AbortSignal): Promise<Given> {
  const { AWS_ROLE_ARN: role, AWS_WEB_IDENTITY_TOKEN_FILE: roleToken, AWS_CONTAINER_CREDENTIALS_FULL_URI: agent, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: agentToken } = env;
  if (role !== undefined && roleToken !== undefined) return ofRole(stsUrl, role, await deps.secret({ file: roleToken }), deps, signal);
  if (agent !== undefined && agentToken !== undefined) return ofAgent(agent, await deps.secret({ file: agentToken }), deps, signal);
  throw new SourceFailed('refused', 'there is no access key: neither accessKeyId and secretAccessKey are configured, nor does Amazon give this process a role (AWS_ROLE_ARN, or a pod identity)');
}

async function ofRole(stsUrl: string, role: string, token: string, deps: SourceDeps, signal: AbortSignal): Promise<Given> {
  const send = createSender({ title: STS, rights: STS_RIGHTS, refusals: [400], deps, signal }, BOUNDS);
  const body = new URLSearchParams({ Action: 'AssumeRoleWithWebIdentity', Version: '2011-06-15', RoleArn: role, RoleSessionName: SESSION, WebIdentityToken: token });
  const answer = (await send(new URL(`${stsUrl}/`), { method: 'POST', headers: { accept: 'text/xml' }, body })).body.toString();
  const fields = Object.fromEntries(Object.entries(FIELDS).map(([name, field]) => [name, field.exec(answer)?.[1]]));
  return parsed(STS, JSON.stringify(fields), givenShape);
}

async function ofAgent(address: string, token: string, deps: SourceDeps, signal: AbortSignal): Promise<Given> {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !(isSafe(url) || AGENT_HOSTS.has(url.hostname))) throw new SourceFailed('refused', 'AWS_CONTAINER_CREDENTIALS_FULL_URI is no address of an agent of Amazon; the token is not sent there');
  const send = createSender({ title: AGENT, rights: AGENT_RIGHTS, refusals: [400], headers: { authorization: token }, deps, signal }, BOUNDS);
  return parsed(AGENT, (await send(url, { method: 'GET' })).body.toString(), givenShape);
}
