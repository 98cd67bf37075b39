import { checkMessage, checkView, type Issue } from '#src/blocks/checker.ts';
import { isObject } from '#src/blocks/rules.ts';
import type { Backend } from '../state/backend.ts';
import { ApiError } from './api-error.ts';
import { flagArg, jsonArg, textArg, type Arguments } from './arguments.ts';
import type { Tokens } from './tokens.ts';

export function apiTest(args: Arguments): object {
  const error = textArg(args, 'error');
  if (error !== undefined) throw new ApiError(error, { args });
  return { args };
}

export function authTest(backend: Backend): object {
  const { team, app } = backend;
  return {
    url: `https://${team.domain}.slack.com/`,
    team: team.name,
    user: app.name,
    team_id: team.id,
    user_id: app.botUserId,
    bot_id: app.botId,
    is_enterprise_install: false,
  };
}

export function authRevoke(tokens: Tokens, args: Arguments): object {
  const isTest = flagArg(args, 'test') === true;
  if (!isTest) tokens.botRevoked = true;
  return { revoked: !isTest };
}

/** Slack's own validator: needs no token and takes exactly one of three things. */
export function validateBlocks(args: Arguments): object {
  const given = ['blocks', 'message', 'view'].filter((name) => args[name] !== undefined && args[name] !== '');
  const [name] = given;
  if (name === undefined || given.length > 1) {
    throw new ApiError('invalid_arguments', { response_metadata: { messages: ['must provide exactly one of `blocks`, `view`, or `message`'] } });
  }
  const value = jsonArg(args, name, 'invalid_arguments');
  const issues = issuesOf(name, value);
  if (issues.length > 0) throw new ApiError(`invalid_${name}`, { errors: issues.map((issue) => validationError(name, issue)) });
  return {};
}

function issuesOf(name: string, value: unknown): readonly Issue[] {
  if (name === 'view') return checkView(value);
  if (name === 'blocks') return checkMessage({ text: ' ', blocks: value });
  return isObject(value) ? checkMessage(value) : checkMessage({ text: ' ', blocks: value });
}

/** Pointers into `blocks` start at the list, and messages come without them. */
function validationError(name: string, { pointer, message }: Issue): object {
  return {
    code: 'failed_constraint',
    message: message.replace(/ \[json-pointer:.*\]$/, ''),
    pointer: name === 'blocks' ? pointer.replace(/^\/blocks/, '') : pointer,
  };
}
