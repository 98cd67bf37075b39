/** Something that goes wrong with requests. */
export type Fault =
  /** Refused with a status of Kubernetes' own form. 429 carries `Retry-After`. */
  | { readonly kind: 'refuse'; readonly code: 401 | 403 | 429 | 500 | 503; readonly retryAfterSeconds?: number }
  /** This answer instead of the work. */
  | { readonly kind: 'answer'; readonly code: number; readonly body: string; readonly contentType?: string; readonly headers?: Readonly<Record<string, string>> }
  /** Success with a body that is no JSON. */
  | { readonly kind: 'garbage' }
  /** The work is done and the connection ends in the middle of the answer's body. */
  | { readonly kind: 'truncate' }
  /** The connection breaks before the work. */
  | { readonly kind: 'reset' }
  /** Nothing happens until the client or the stand-in gives up. */
  | { readonly kind: 'hang' }
  /** The work begins so much later, in real time. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** A continue token or a watch's version counts as too old. */
  | { readonly kind: 'expire' };

/** Which requests a fault meets; what is left out meets all. */
export interface FaultMatch {
  readonly method?: string;
  /** A path with `*` for any part of one step and `**` for any rest, or an expression. */
  readonly path?: string | RegExp;
  /** Kubernetes' verb, such as `list`. */
  readonly verb?: string;
  readonly resource?: string;
  readonly user?: string;
}

export interface ActiveFault {
  /** How many requests it met so far. */
  readonly hits: () => number;
  readonly remove: () => void;
}

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly verb: string;
  readonly resource: string;
  readonly user: string;
}

export interface Faults {
  /** Meets the next `times` requests that match, or all until it is removed. Where several match, the oldest acts. */
  readonly add: (match: FaultMatch, fault: Fault, times?: number) => ActiveFault;
  readonly clear: () => void;
  /** The fault for a request, which is counted as met. */
  readonly take: (asked: Asked) => Fault | undefined;
}

interface Rule {
  readonly match: FaultMatch;
  readonly fault: Fault;
  left: number;
  hits: number;
}

export function createFaults(): Faults {
  const rules: Rule[] = [];
  const drop = (rule: Rule): void => {
    const index = rules.indexOf(rule);
    if (index !== -1) rules.splice(index, 1);
  };
  return {
    add(match, fault, times = Infinity) {
      const rule: Rule = { match, fault, left: times, hits: 0 };
      rules.push(rule);
      return { hits: () => rule.hits, remove: () => drop(rule) };
    },
    clear: () => void rules.splice(0),
    take(asked) {
      const rule = rules.find((candidate) => candidate.left > 0 && meets(candidate.match, asked));
      if (rule === undefined) return undefined;
      rule.left -= 1;
      rule.hits += 1;
      if (rule.left <= 0) drop(rule);
      return rule.fault;
    },
  };
}

function meets({ path, ...exact }: FaultMatch, asked: Asked): boolean {
  if (path !== undefined && !toExpression(path).test(asked.path)) return false;
  return (Object.keys(exact) as (keyof typeof exact)[]).every((field) => exact[field] === undefined || asked[field] === exact[field]);
}

function toExpression(path: string | RegExp): RegExp {
  if (path instanceof RegExp) return path;
  const escaped = path.replace(/[.+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replace(/\*\*/g, '\0').replace(/\*/g, '[^/]*').replaceAll('\0', '.*')}$`);
}
