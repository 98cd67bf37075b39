import type { SandboxClock } from './clock.ts';

/** Something that goes wrong with calls of one method. */
export type Fault =
  /** The answer comes so much later, on the stand-in's clock. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** Nothing happens until `release`. */
  | { readonly kind: 'hang' }
  /** The work is done and the connection breaks before the answer. */
  | { readonly kind: 'lose answer' }
  /** The connection breaks before the work. */
  | { readonly kind: 'drop' }
  /** This answer instead of the work. */
  | { readonly kind: 'answer'; readonly status: number; readonly body: string; readonly headers?: Readonly<Record<string, string>> };

export interface Faults {
  /** Holds for the next `times` calls of the method (`*` is any), after faults that were set earlier. */
  readonly set: (method: string, fault: Fault, times?: number) => void;
  readonly clear: (method?: string) => void;
  /** The fault of this call, which is thereby used up. */
  readonly next: (method: string) => Fault | undefined;
  /** Waits out a slow or hanging fault. */
  readonly wait: (fault: Fault) => Promise<void>;
  /** Lets hanging calls go on, and ends the hanging of later ones. */
  readonly release: () => void;
}

export function createFaults(clock: SandboxClock): Faults {
  const planned: { readonly method: string; readonly fault: Fault; left: number }[] = [];
  const hanging = new Set<() => void>();
  const clear = (method?: string) => {
    for (const plan of planned) if (method === undefined || plan.method === method) plan.left = 0;
  };
  return {
    set: (method, fault, times = Infinity) => void planned.push({ method, fault, left: times }),
    clear,
    next(method) {
      const plan = planned.find((candidate) => candidate.left > 0 && (candidate.method === method || candidate.method === '*'));
      if (plan !== undefined) plan.left -= 1;
      return plan?.fault;
    },
    wait(fault) {
      if (fault.kind === 'slow') return new Promise((resolve) => void clock.after(fault.ms, resolve));
      if (fault.kind === 'hang') return new Promise((resolve) => void hanging.add(resolve));
      return Promise.resolve();
    },
    release() {
      for (const plan of planned) if (plan.fault.kind === 'hang') plan.left = 0;
      for (const resolve of hanging) resolve();
      hanging.clear();
    },
  };
}

/** How Slack says that a call came too fast. */
export function rateLimited(retryAfterSeconds: number): Extract<Fault, { readonly kind: 'answer' }> {
  return { kind: 'answer', status: 429, headers: { 'retry-after': String(retryAfterSeconds) }, body: '{"ok":false,"error":"ratelimited"}' };
}
