import { createHash } from 'node:crypto';
import { z } from 'zod';
import { openApi } from '#src/people/sources/support/api.ts';
import type { EventPull, LokiSettings, Pulled } from '#src/model/event-intake.ts';
import type { SourceDeps } from '#src/model/people.ts';

const TITLE = 'Loki';
const RIGHTS = 'a token that may query logs';
/** Lines of one answer: below the limit that Loki has by itself. */
const LIMIT = 1000;
/** Lines may come in late, and what is behind the cursor is not looked at again. */
const LATE_NS = 15_000_000_000n;
/** Shorter spans would only cost more queries. */
const LEAST_NS = 1_000_000_000n;
/** Of one query: Loki refuses long ones. */
const SPAN_NS = 3600n * 1_000_000_000n;

/** Nanoseconds since 1970, and the lines of that very moment which were read already. */
const cursorShape = z.strictObject({ at: z.string().regex(/^\d+$/), seen: z.array(z.string()) });

const answerShape = z.object({
  status: z.literal('success'),
  data: z.object({ resultType: z.literal('streams'), result: z.array(z.object({ values: z.array(z.tuple([z.string().regex(/^\d+$/), z.string()]).rest(z.unknown())) })) }),
});

interface Line {
  readonly at: bigint;
  readonly text: string;
}

/** Reads a query of Grafana Loki forward in time, page by page. It begins with what comes from now on. */
export function createLokiPull({ url, query, token, tenant }: LokiSettings, deps: SourceDeps, limit: number = LIMIT): EventPull {
  const ask = async (from: bigint, until: bigint, signal: AbortSignal): Promise<readonly Line[]> => {
    const headers = { ...(token !== undefined && { authorization: `Bearer ${await deps.secret(token)}` }), ...(tenant !== undefined && { 'x-scope-orgid': tenant }) };
    const api = openApi({ title: TITLE, rights: RIGHTS, address: url, headers, deps, signal });
    const parameters = new URLSearchParams({ query, start: String(from), end: String(until), limit: String(limit), direction: 'forward' });
    const { body } = await api.get(`/loki/api/v1/query_range?${parameters}`, answerShape);
    const lines = body.data.result.flatMap(({ values }) => values.map(([at, text]) => ({ at: BigInt(at), text })));
    return lines.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  };

  return {
    async pull(cursor, signal) {
      const ready = BigInt(deps.clock.now().getTime()) * 1_000_000n - LATE_NS;
      if (cursor === undefined) return { text: '', cursor: written(ready, []) };
      const { at, seen } = cursorShape.parse(JSON.parse(cursor));
      const from = BigInt(at);
      if (ready - from < LEAST_NS) return undefined;
      const until = from + SPAN_NS < ready ? from + SPAN_NS : ready;
      const lines = await ask(from, until, signal);
      if (lines.length >= limit && lines.at(-1)?.at === from) return beyond(lines, new Set(seen), from);
      return lines.length >= limit ? page(lines, new Set(seen), from) : { text: textOf(newOf(lines, new Set(seen), from)), cursor: written(until, []) };
    },
  };
}

/** A full page: the next one begins with its last moment, of which more may follow. */
function page(lines: readonly Line[], seen: ReadonlySet<string>, from: bigint): Pulled {
  const last = lines.at(-1)?.at ?? from;
  return { text: textOf(newOf(lines, seen, from)), cursor: written(last, lines.filter(({ at }) => at === last).map(hashOf)) };
}

/** More lines of one moment than one answer holds: first those that can be read, then a gap where nobody knows how many were left out. */
function beyond(lines: readonly Line[], seen: ReadonlySet<string>, from: bigint): Pulled {
  const fresh = newOf(lines, seen, from);
  return fresh.length > 0 ? { text: textOf(fresh), cursor: written(from, lines.map(hashOf)) } : { text: undefined, cursor: written(from + 1n, []) };
}

function newOf(lines: readonly Line[], seen: ReadonlySet<string>, from: bigint): readonly Line[] {
  return lines.filter((line) => line.at !== from || !seen.has(hashOf(line)));
}

function textOf(lines: readonly Line[]): string {
  return lines.map(({ text }) => text).join('\n');
}

function hashOf({ text }: Line): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 16);
}

function written(at: bigint, seen: readonly string[]): string {
  return JSON.stringify({ at: String(at), seen });
}
