import type { ServerResponse } from 'node:http';
import { canSee } from '../client/seeing.ts';
import type { Session } from '../client/session.ts';
import type { Change } from '../control/changes.ts';
import type { PageEvent } from './contract.ts';

/** Tells a page what to read again, as long as it listens. What changes in one turn is told once. */
export function streamEvents(session: Session, response: ServerResponse): void {
  const { changes } = session.backend;
  const waiting = new Map<string, PageEvent>();
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
  const tell = (event: PageEvent) => {
    if (waiting.size === 0) setImmediate(flush);
    waiting.set(JSON.stringify(event), event);
  };
  const flush = () => {
    for (const data of waiting.keys()) response.write(`data: ${data}\n\n`);
    waiting.clear();
  };
  tell({ about: 'workspace' });
  const end = changes.watch((change) => eventsOf(session, change).forEach(tell));
  response.on('close', end);
}

function eventsOf({ backend, user }: Session, change: Change): readonly PageEvent[] {
  switch (change.about) {
    case 'messages': {
      const channel = backend.channels.get(change.channel ?? '');
      // Unread counts are part of the workspace.
      return channel !== undefined && canSee(backend, channel, user) ? [{ about: 'messages', channel: channel.id }, { about: 'workspace' }] : [];
    }
    case 'view':
      return change.user === user.id ? [{ about: 'modals' }] : [];
    case 'home':
      return change.user === user.id ? [{ about: 'home' }] : [];
    case 'people':
    case 'channels':
    case 'sockets':
      return [{ about: 'workspace' }];
    case 'files':
    case 'request':
    case 'delivery':
      return [];
  }
}
