import type { IncomingMessage, ServerResponse } from 'node:http';
import { canSee } from '../client/seeing.ts';
import { canAct, type Session } from '../client/session.ts';
import { mediaType, parseJsonObject, readBody } from '../server/bodies.ts';
import { fileReply } from '../server/addresses.ts';
import { send, type Reply } from '../server/replies.ts';
import type { Backend } from '../state/backend.ts';
import { channelNamed } from '../state/channels.ts';
import { Impossible } from '../state/impossible.ts';
import { personNamed, type User } from '../state/people.ts';
import { act } from './act.ts';
import { streamEvents } from './events.ts';
import { channelSeenBy, homeSeenBy, modalsSeenBy, workspaceSeenBy } from './snapshots.ts';

export interface PageDeps {
  readonly backend: Backend;
  readonly sessionOf: (user: User) => Session;
  /** The app can be reached. */
  readonly isConnected: () => boolean;
}

/** Everything below `/sandbox/`, as `contract.ts` has it. */
export async function servePage(deps: PageDeps, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    await route(deps, request, response);
  } catch (error) {
    if (!(error instanceof Impossible)) throw error;
    send(response, failure(400, error.message));
  }
}

async function route(deps: PageDeps, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { backend } = deps;
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://sandbox');
  const fileId = /^\/sandbox\/files\/([^/]+)\//.exec(pathname)?.[1];
  if (fileId !== undefined) {
    send(response, fileReply(backend.files.get(fileId)));
    return;
  }
  const session = deps.sessionOf(personFor(backend, searchParams.get('as')));
  switch (`${request.method ?? ''} ${pathname}`) {
    case 'GET /sandbox/workspace':
      send(response, ok(workspaceSeenBy(session, deps.isConnected())));
      return;
    case 'GET /sandbox/messages':
      send(response, messagesReply(session, searchParams.get('channel') ?? ''));
      return;
    case 'GET /sandbox/home':
      send(response, ok(homeSeenBy(session)));
      return;
    case 'GET /sandbox/modals':
      send(response, ok(modalsSeenBy(session)));
      return;
    case 'GET /sandbox/events':
      streamEvents(session, response);
      return;
    case 'POST /sandbox/act':
      await serveAction(session, request, response);
      return;
    default:
      send(response, failure(404, 'There is nothing here.'));
  }
}

function messagesReply(session: Session, channelId: string): Reply {
  const channel = channelNamed(session.backend, channelId);
  return canSee(session.backend, channel, session.user) ? ok(channelSeenBy(session, channel)) : failure(404, 'There is no such channel.');
}

/** Only JSON is taken: a browser asks before it lets a page of another origin send that, and is not answered. */
async function serveAction(session: Session, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (mediaType(request) !== 'application/json') {
    send(response, failure(415, 'Actions are sent as application/json.'));
    return;
  }
  const action = parseJsonObject((await readBody(request)).toString());
  if (action === undefined) throw new Impossible('The action is no JSON object.');
  send(response, ok(await act(session, action)));
}

function personFor(backend: Backend, id: string | null): User {
  if (id !== null) return personNamed(backend, id);
  const [first] = [...backend.users.values()].filter(canAct);
  if (first === undefined) throw new Impossible('There is nobody in the workspace.');
  return first;
}

function ok(body: object): Reply {
  return { status: 200, body: { ...body } };
}

function failure(status: number, error: string): Reply {
  return { status, body: { ok: false, error } };
}
