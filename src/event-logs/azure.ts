import { z } from 'zod';
import { openApi } from '#src/people/sources/support/api.ts';
import { bearerHeaders } from '#src/people/sources/support/token.ts';
import type { AzureLogSettings, AzureTable, EventPull } from '#src/model/event-intake.ts';
import { SourceFailed, type SourceDeps } from '#src/model/people.ts';
import { createKeptHeaders } from './kept-headers.ts';
import { createWindowsPull, type Span } from './windows.ts';

const TITLE = 'Azure Monitor';
const RIGHTS = 'an application with the role Log Analytics Reader on the workspace';
/** An answer has 64 MB at most, and an event of the audit log some kilobytes. */
const PAGE_SIZE = 5000;
/** What is taken in can be found a little later. */
const LATE_MS = 2 * 60_000;
/** What happened so long before it was taken in is not looked for: without a bound Azure would search everything that it has. */
const OLDEST_MS = 2 * 24 * 3600_000;

/** Rows that could not be read are an error beside those that could. */
const answerShape = z.object({ tables: z.array(z.object({ rows: z.array(z.tuple([z.string().nullable()])) })).min(1), error: z.unknown().optional() });

/** The audit event of a row, as the API server wrote it. The tables of AKS have its fields as columns. */
const OF_COLUMNS = `tostring(bag_pack("kind", "Event", "level", Level, "auditID", AuditId, "stage", Stage, "requestURI", RequestUri, "verb", Verb, "user", User, "sourceIPs", SourceIps, "userAgent", UserAgent, "objectRef", ObjectRef, "responseStatus", ResponseStatus, "requestObject", RequestObject, "responseObject", ResponseObject, "requestReceivedTimestamp", RequestReceivedTime, "stageTimestamp", StageReceivedTime, "annotations", Annotations))`;
const LINES: Readonly<Record<AzureTable, { readonly where: string; readonly line: string; readonly order: string }>> = {
  AKSAudit: { where: '', line: OF_COLUMNS, order: 'AuditId asc, Stage asc' },
  AKSAuditAdmin: { where: '', line: OF_COLUMNS, order: 'AuditId asc, Stage asc' },
  AzureDiagnostics: { where: '\n| where Category in ("kube-audit", "kube-audit-admin")', line: 'log_s', order: 'log_s asc' },
};

/** Reads the audit log of an AKS cluster from a Log Analytics workspace, in the order in which Azure has taken it in: that may be minutes after it happened. */
export function createAzurePull({ workspace, table, resource, tenant, clientId, clientSecret, url, loginUrl }: AzureLogSettings, deps: SourceDeps): EventPull {
  const headers = createKeptHeaders(deps.clock, async (signal) => {
    const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: await deps.secret(clientSecret), scope: `${url}/.default` };
    return bearerHeaders({ title: TITLE, url: `${loginUrl}/${tenant}/oauth2/v2.0/token`, rights: RIGHTS, form, deps, signal });
  });
  return createWindowsPull({
    clock: deps.clock,
    lateMs: LATE_MS,
    async page(span, token, signal) {
      const after = Number(token ?? 0);
      try {
        const api = openApi({ title: TITLE, rights: RIGHTS, address: url, headers: await headers.get(signal), deps, signal });
        const { body } = await api.post(`/v1/workspaces/${workspace}/query`, answerShape, { body: { query: queryFor({ table, resource, span, after }) } });
        if (body.error !== undefined) throw new SourceFailed('garbled', `${TITLE} could read only a part of what was asked for`);
        const rows = body.tables[0]?.rows ?? [];
        return { lines: rows.flatMap(([line]) => line ?? []), next: rows.length < PAGE_SIZE ? undefined : String(after + PAGE_SIZE) };
      } catch (error) {
        headers.forget();
        throw error;
      }
    },
  });
}

/** Rows have no number of their own: those of a span that is over are always numbered in the same way. */
function queryFor({ table, resource, span: { fromMs, untilMs }, after }: Pick<AzureLogSettings, 'table' | 'resource'> & { readonly span: Span; readonly after: number }): string {
  const { where, line, order } = LINES[table];
  const at = (ms: number) => `datetime(${new Date(ms).toISOString()})`;
  return `${table}
| where TimeGenerated >= ${at(fromMs - OLDEST_MS)}
| extend Came = ingestion_time()
| where Came >= ${at(fromMs)} and Came < ${at(untilMs)}
| where _ResourceId =~ "${resource}"${where}
| sort by Came asc, ${order}
| extend Row = row_number()
| where Row > ${after} and Row <= ${after + PAGE_SIZE}
| project Line = ${line}`;
}
