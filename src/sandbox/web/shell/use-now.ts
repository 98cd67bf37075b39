import { useEffect, useState } from 'react';

const STEP_MS = 20_000;

/** The sandbox's time, moving on in steps: for "today" and "5 minutes ago". */
export function useNow(aheadMs: number): number {
  const [browserMs, setBrowserMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setBrowserMs(Date.now()), STEP_MS);
    return () => clearInterval(timer);
  }, []);
  return browserMs + aheadMs;
}
