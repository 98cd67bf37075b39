import { LIMITS } from '#src/blocks/limits.ts';
import type { SandboxClock } from '../control/clock.ts';
import { methodInfo, type MethodName } from './methods-table.ts';

const MINUTE_MS = 60_000;

export interface RateLimits {
  /** Counts a call, or gives the seconds after which it may be tried again and does not count it. */
  readonly take: (method: MethodName, channel: string | undefined) => number | undefined;
}

export interface RateOptions {
  /** Off, nothing is ever refused for its rate. */
  enabled: boolean;
  /** Posts that a channel takes at once before one per second holds. Slack tolerates "short bursts"; 1 tolerates none. */
  postBurst: number;
}

/** Slack's tiers, per method, and one post per second per channel. Both count over a sliding time. */
export function createRateLimits(clock: SandboxClock, options: RateOptions): RateLimits {
  const taken = new Map<string, number[]>();

  function takeFrom(key: string, most: number, windowMs: number): number | undefined {
    const now = clock.nowMs();
    const recent = (taken.get(key) ?? []).filter((at) => at > now - windowMs);
    taken.set(key, recent);
    const oldest = recent[recent.length - most];
    if (oldest !== undefined) return Math.max(1, Math.ceil((oldest + windowMs - now) / 1000));
    recent.push(now);
    return undefined;
  }

  return {
    take(method, channel) {
      if (!options.enabled) return undefined;
      if (method === 'chat.postMessage') {
        const burst = Math.max(1, options.postBurst);
        return takeFrom(`${method} ${channel ?? ''}`, burst, (burst * 1000) / LIMITS.postsPerSecondPerChannel);
      }
      const { perMinute } = methodInfo(method);
      return perMinute === undefined ? undefined : takeFrom(method, perMinute, MINUTE_MS);
    },
  };
}
