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
  /** Posts in all channels together. Slack says "several hundred". */
  postsPerMinute: number;
}

/** Three posts at once pass, and a fourth has to wait until three seconds after the first. */
export const USUAL_RATES: RateOptions = { enabled: true, postBurst: 3, postsPerMinute: 300 };

/** Slack's tiers, per method, and for posts one per second per channel and a cap for all. All count over a sliding time. */
export function createRateLimits(clock: SandboxClock, options: RateOptions): RateLimits {
  const taken = new Map<string, number[]>();

  /** Calls that count now. The result is the seconds to wait, if there are as many as may be. */
  function waitFor(key: string, most: number, windowMs: number): number | undefined {
    const now = clock.nowMs();
    const recent = (taken.get(key) ?? []).filter((at) => at > now - windowMs);
    taken.set(key, recent);
    const oldest = recent[recent.length - most];
    return oldest === undefined ? undefined : Math.max(1, Math.ceil((oldest + windowMs - now) / 1000));
  }

  function windowsOf(method: MethodName, channel: string | undefined): readonly (readonly [key: string, most: number, windowMs: number])[] {
    if (method !== 'chat.postMessage') {
      const { perMinute } = methodInfo(method);
      return perMinute === undefined ? [] : [[method, perMinute, MINUTE_MS]];
    }
    const burst = Math.max(1, options.postBurst);
    return [
      [`${method} ${channel ?? ''}`, burst, (burst * 1000) / LIMITS.postsPerSecondPerChannel],
      [method, options.postsPerMinute, MINUTE_MS],
    ];
  }

  return {
    take(method, channel) {
      if (!options.enabled) return undefined;
      const windows = windowsOf(method, channel);
      const waits = windows.flatMap(([key, most, windowMs]) => waitFor(key, most, windowMs) ?? []);
      if (waits.length > 0) return Math.max(...waits);
      for (const [key] of windows) taken.get(key)?.push(clock.nowMs());
      return undefined;
    },
  };
}
