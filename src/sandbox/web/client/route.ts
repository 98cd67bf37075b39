import { useEffect, useState } from 'react';

/** What the address line says: who looks at what. It can be bookmarked, and Back and Forward work. */
export interface Route {
  /** Handle of the person. */
  readonly person?: string;
  readonly view?: RouteView;
}

export type RouteView =
  | { readonly kind: 'channel'; readonly name: string; readonly thread?: string }
  | { readonly kind: 'messages'; readonly thread?: string }
  | { readonly kind: 'home' };

/** `#/ann/channel/sec-prod`, `#/ann/channel/sec-prod/1764.0001`, `#/ann/app/messages`, `#/ann/app/home`. */
export function parseRoute(hash: string): Route {
  const [, person, area, name, thread] = hash.split('/').map(decoded);
  if (person === undefined || person === '') return {};
  if (area === 'app' && name === 'home') return { person, view: { kind: 'home' } };
  if (area === 'app' && name === 'messages') return { person, view: { kind: 'messages', ...(thread !== undefined && { thread }) } };
  if (area === 'channel' && name !== undefined) return { person, view: { kind: 'channel', name, ...(thread !== undefined && { thread }) } };
  return { person };
}

export function routeHash(person: string, view: RouteView): string {
  const parts = view.kind === 'channel' ? ['channel', view.name] : ['app', view.kind];
  const thread = view.kind === 'home' ? undefined : view.thread;
  return `#/${[person, ...parts, ...(thread === undefined ? [] : [thread])].map(encodeURIComponent).join('/')}`;
}

export function useRoute(): Route {
  const [hash, setHash] = useState(() => location.hash);
  useEffect(() => {
    const follow = (): void => setHash(location.hash);
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }, []);
  return parseRoute(hash);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
