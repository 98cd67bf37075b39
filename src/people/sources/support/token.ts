import { z } from 'zod';
import type { SourceDeps } from '#src/model/people.ts';
import { openApi } from './api.ts';

export interface TokenRequest {
  /** The system's own name, for messages. */
  readonly title: string;
  /** Of the token endpoint. */
  readonly url: string;
  readonly rights: string;
  /** The fields of the grant, secrets included. */
  readonly form: Readonly<Record<string, string>>;
  readonly deps: SourceDeps;
  readonly signal: AbortSignal;
}

const tokenShape = z.object({ access_token: z.string().min(1) });

/** The `authorization` header that an OAuth token endpoint gives for its grant. @throws {SourceFailed} */
export async function bearerHeaders({ url, form, ...options }: TokenRequest): Promise<Readonly<Record<string, string>>> {
  const api = openApi({ ...options, address: url, refusals: [400, 403] });
  const { body } = await api.post('', tokenShape, { body: new URLSearchParams(form) });
  return { authorization: `Bearer ${body.access_token}` };
}
