import type { Clock } from '#src/model/clock.ts';

export const systemClock: Clock = { now: () => new Date() };
