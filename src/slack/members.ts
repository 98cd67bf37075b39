import type { UsersListResponse, WebClient } from '@slack/web-api';
import { SourceFailed, type SlackMember, type SlackWorkspace, type SourceDeps } from '#src/model/people.ts';
import { slackFailure } from './failure.ts';

/** Slack recommends no more than 200. */
const PAGE = 200;
const MAX_PAGES = 10_000;
/** Of one page. */
const MAX_PAUSES = 5;

/** The SDK's type knows only what a workspace without shared channels sends. */
type RawMember = NonNullable<UsersListResponse['members']>[number] & { readonly is_stranger?: boolean };

/** Errors by which Slack says that it does not know the token. */
const REFUSALS = new Set(['invalid_auth', 'not_authed', 'account_inactive', 'token_revoked', 'token_expired', 'org_login_required']);
const FORBIDDEN = new Set(['missing_scope', 'no_permission', 'access_denied', 'ekm_access_denied', 'team_access_not_granted', 'not_allowed_token_type']);

/** Everybody in the workspace of the bot's token, the deactivated included: all pages or a failure; or one of them. */
export function createSlackMembers(client: WebClient, wait: SourceDeps['wait']): SlackWorkspace {
  const all: SlackWorkspace['all'] = async (signal) => {
    const { team_id: team } = await asked(() => client.auth.test(), wait, signal);
    const members: RawMember[] = [];
    const cursors = new Set<string>();
    let scopes: readonly string[] | undefined;
    for (let cursor = ''; ;) {
      const page = await asked(() => client.users.list({ limit: PAGE, ...(cursor !== '' && { cursor }) }), wait, signal);
      if (page.members === undefined) throw new SourceFailed('garbled', 'Slack answered without its members');
      members.push(...page.members);
      scopes ??= page.response_metadata?.scopes;
      cursor = page.response_metadata?.next_cursor ?? '';
      if (cursor === '') break;
      if (cursors.has(cursor)) throw new SourceFailed('garbled', 'Slack sends the same page again and again');
      if (cursors.size >= MAX_PAGES) throw new SourceFailed('garbled', `Slack sends more than ${MAX_PAGES} pages`);
      cursors.add(cursor);
    }
    return {
      showsEmails: scopes?.includes('users:read.email') ?? members.some(({ profile }) => profile?.email !== undefined),
      members: members.map((member) => memberOf(member, team)),
    };
  };
  const one: SlackWorkspace['one'] = async (id, signal) => {
    const { team_id: team } = await asked(() => client.auth.test(), wait, signal);
    try {
      const { user } = await asked(() => client.users.info({ user: id }), wait, signal);
      if (user === undefined) throw new SourceFailed('garbled', 'Slack answered without the person');
      return memberOf(user, team);
    } catch (error) {
      if (error instanceof SourceFailed && isUnknown(error.cause)) return undefined;
      throw error;
    }
  };
  return { all, one };
}

/** Slack knows nobody of that id. */
function isUnknown(error: unknown): boolean {
  const failure = slackFailure(error);
  return failure.kind === 'refused' && failure.code === 'user_not_found';
}

/** Calls until Slack has an answer, waiting as long as it wants when it was asked too often. */
async function asked<T>(call: () => Promise<T>, wait: SourceDeps['wait'], signal: AbortSignal): Promise<T> {
  for (let pauses = 0; ; pauses += 1) {
    signal.throwIfAborted();
    try {
      return await call();
    } catch (error) {
      const failure = slackFailure(error);
      if (failure.kind === 'rate-limited' && pauses < MAX_PAUSES) await wait(failure.waitMs, signal);
      else throw sourceFailure(failure, error);
    }
  }
}

function sourceFailure(failure: ReturnType<typeof slackFailure>, cause: unknown): SourceFailed {
  switch (failure.kind) {
    case 'rate-limited':
      return new SourceFailed('busy', 'Slack was asked too often', { cause });
    case 'unavailable':
      return new SourceFailed('unreachable', failure.reason, { cause });
    case 'lost':
      return new SourceFailed('garbled', 'the answer of Slack broke off or cannot be read', { cause });
    case 'refused': {
      const { code } = failure;
      if (REFUSALS.has(code)) return new SourceFailed('refused', `Slack refuses the token of the bot (${code})`, { cause });
      if (FORBIDDEN.has(code)) return new SourceFailed('forbidden', `Slack forbids this (${code}); needed: the scope users:read`, { cause });
      return new SourceFailed('garbled', `Slack did not take the request (${code})`, { cause });
    }
  }
}

function memberOf(member: RawMember, team: string | undefined): SlackMember {
  const { id, profile } = member;
  if (id === undefined) throw new SourceFailed('garbled', 'Slack lists somebody without an id');
  const email = profile?.email;
  return {
    id,
    name: [member.real_name, profile?.real_name, profile?.display_name, member.name].find(Boolean) ?? id,
    ...(email !== undefined && email !== '' && { email }),
    deactivated: member.deleted ?? false,
    bot: (member.is_bot ?? false) || (member.is_app_user ?? false) || (member.is_workflow_bot ?? false) || id === 'USLACKBOT',
    guest: (member.is_restricted ?? false) || (member.is_ultra_restricted ?? false),
    stranger: (member.is_stranger ?? false) || !isOfTeam(member, team),
  };
}

/** In an organisation of several workspaces, somebody may belong to more than the one named first. */
function isOfTeam({ team_id: home, enterprise_user: elsewhere }: RawMember, team: string | undefined): boolean {
  return home === undefined || home === team || (team !== undefined && (elsewhere?.teams?.includes(team) ?? false));
}
