// Loaded before the program that is measured: writes what the process took when it ends. Plain JavaScript, because compiling it would take memory of its own.
import { writeFileSync } from 'node:fs';

process.once('exit', () => {
  const { user, system } = process.cpuUsage();
  writeFileSync(process.env.BENCH_COST_FILE, JSON.stringify({ cpuMs: (user + system) / 1000, peakRssMb: (process.resourceUsage().maxRSS * 1024) / 1e6 }));
});
