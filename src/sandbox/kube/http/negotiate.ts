import { notAcceptable } from '../status.ts';

/** In which form an answer is wanted. */
export interface Form {
  readonly format: 'json' | 'yaml';
  readonly as: 'object' | 'metadata' | 'table';
  /** Which version of the meta group, `v1` or `v1beta1`, for the forms that belong to it. */
  readonly version: string;
  readonly isPretty: boolean;
}

interface MediaType {
  readonly type: string;
  readonly parameters: Readonly<Record<string, string>>;
}

const META_GROUP = 'meta.k8s.io';
const FORMATS: Readonly<Record<string, Form['format']>> = {
  'application/json': 'json',
  'application/*': 'json',
  '*/*': 'json',
  'application/yaml': 'yaml',
};
const PRETTY_AGENTS = /^(curl|Wget|Mozilla)\//;
const SERVED =
  'application/json, application/yaml, application/vnd.kubernetes.protobuf, application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch';

export function readMediaTypes(header: string): readonly MediaType[] {
  return header.split(',').flatMap((part) => {
    const [type = '', ...parameters] = part.split(';').map((piece) => piece.trim());
    const pairs = parameters.map((parameter) => parameter.split('=')).map(([name = '', value = '']) => [name, value] as const);
    return type === '' ? [] : [{ type, parameters: Object.fromEntries(pairs) }];
  });
}

/**
 * The first form of the `Accept` header that can be given.
 *
 * @throws Failure with status 406 when none can.
 */
export function negotiate(accept: string | undefined, isList: boolean, query: URLSearchParams, userAgent: string): Form {
  const pretty = query.get('pretty');
  const isPretty = pretty === null ? PRETTY_AGENTS.test(userAgent) : pretty !== 'false' && pretty !== '0';
  if (accept === undefined || accept.trim() === '') return { format: 'json', as: 'object', version: 'v1', isPretty };
  for (const { type, parameters } of readMediaTypes(accept)) {
    const format = FORMATS[type];
    const as = format === undefined ? undefined : formOf(parameters, isList);
    if (format !== undefined && as !== undefined) return { format, as, version: parameters.v ?? 'v1', isPretty: isPretty || parameters.pretty === '1' };
  }
  throw notAcceptable(`406: Not Acceptable\n\nAvailable representations: ${SERVED}`, {});
}

function formOf({ as, g, v }: Readonly<Record<string, string>>, isList: boolean): Form['as'] | undefined {
  if (as === undefined) return 'object';
  if (g !== META_GROUP || (v !== 'v1' && v !== 'v1beta1')) return undefined;
  if (as === 'Table') return 'table';
  return as === (isList ? 'PartialObjectMetadataList' : 'PartialObjectMetadata') ? 'metadata' : undefined;
}
