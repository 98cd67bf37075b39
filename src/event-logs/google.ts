import { z } from 'zod';
import { openApi } from '#src/people/sources/support/api.ts';
import { googleHeaders } from '#src/people/sources/support/google-key.ts';
import type { EventPull, GoogleLogSettings } from '#src/model/event-intake.ts';
import type { SourceDeps } from '#src/model/people.ts';
import { createKeptHeaders } from './kept-headers.ts';
import { createWindowsPull } from './windows.ts';

const TITLE = 'Google Cloud Logging';
const SCOPE = 'https://www.googleapis.com/auth/logging.read';
const RIGHTS = 'a service account with the roles Logs Viewer and, for reads of data, Private Logs Viewer';
/** The most that one answer holds. */
const PAGE_SIZE = 1000;

/** An answer without entries has no list; one with neither is that of an empty span. */
const answerShape = z.object({ entries: z.array(z.record(z.string(), z.unknown())).default([]), nextPageToken: z.string().optional() });

/** Reads entries of Google Cloud Logging, such as the audit log of a GKE cluster. */
export function createGooglePull({ project, filter, key, url, tokenUrl }: GoogleLogSettings, deps: SourceDeps): EventPull {
  const headers = createKeptHeaders(deps.clock, async (signal) => googleHeaders({ title: TITLE, rights: RIGHTS, keyFile: await deps.secret(key), scope: SCOPE, tokenUrl, deps, signal }));
  return createWindowsPull({
    clock: deps.clock,
    async page({ fromMs, untilMs }, pageToken, signal) {
      const api = openApi({ title: TITLE, rights: RIGHTS, address: url, headers: await headers.get(signal), deps, signal });
      const span = `timestamp>="${new Date(fromMs).toISOString()}" AND timestamp<"${new Date(untilMs).toISOString()}"`;
      const asked = { resourceNames: [`projects/${project}`], filter: `(${filter}) AND ${span}`, orderBy: 'timestamp asc', pageSize: PAGE_SIZE, ...(pageToken !== undefined && { pageToken }) };
      try {
        const { body } = await api.post('/v2/entries:list', answerShape, { body: asked });
        return { lines: body.entries.map((entry) => JSON.stringify(entry)), next: body.nextPageToken };
      } catch (error) {
        headers.forget();
        throw error;
      }
    },
  });
}
