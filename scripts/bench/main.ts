import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { BenchFault, isMet, LEAST_PAIRS, type Bench, type BenchOptions, type BenchReport } from './harness.ts';
import { environmentOf, reportText, type Environment } from './report.ts';
import { bench as audit } from './audit/audit.ts';
import { bench as connections } from './connections/connections.ts';
import { bench as flows } from './flows/flows.ts';
import { bench as rbac } from './rbac/rbac.ts';
import { bench as scan } from './scan/scan.ts';
import { bench as slack } from './slack/slack.ts';
import { bench as startup } from './startup/startup.ts';
import { bench as webhook } from './webhook/webhook.ts';

const BENCHES: readonly Bench[] = [audit, webhook, scan, rbac, flows, connections, slack, startup];

const USAGE = `usage: npm run bench -- [<name>…] [--assert] [--json FILE] [--size small|full] [--pairs N] [--seed N]
Without a name all of them run:
${BENCHES.map(({ name, summary }) => `  ${name.padEnd(11)} ${summary}`).join('\n')}
Exit status: 0 ran, or with --assert met every target; 1 missed one with --assert; 2 wrong output, wrong use, or something is missing.`;

/** Ran, or met every target. */
const FINE = 0;
const MISSED = 1;
const NOT_RUN = 2;

interface Request {
  readonly benches: readonly Bench[];
  readonly options: BenchOptions;
  readonly assert: boolean;
  readonly json: string | undefined;
}

interface Result extends BenchReport {
  readonly bench: string;
  readonly environment: Environment;
}

/** @throws {BenchFault} that says what is wrong with the arguments. */
function requestOf(args: readonly string[]): Request {
  const { values, positionals } = parse(args);
  const benches = positionals.map((wanted) => BENCHES.find(({ name }) => name === wanted) ?? refuse(`there is no bench ${wanted}`));
  const size = values.size ?? 'small';
  if (size !== 'small' && size !== 'full') refuse(`--size is small or full, not ${size}`);
  const pairs = wholeNumber('--pairs', values.pairs ?? String(LEAST_PAIRS));
  if (values.assert === true && pairs < LEAST_PAIRS) refuse(`--assert needs at least ${LEAST_PAIRS} pairs`);
  return {
    benches: benches.length > 0 ? benches : BENCHES,
    options: { size, pairs, seed: wholeNumber('--seed', values.seed ?? '1'), note: (text) => console.error(`… ${text}`) },
    assert: values.assert === true,
    json: values.json,
  };
}

function parse(args: readonly string[]) {
  const options = { assert: { type: 'boolean' }, json: { type: 'string' }, size: { type: 'string' }, pairs: { type: 'string' }, seed: { type: 'string' } } as const;
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

function wholeNumber(name: string, text: string): number {
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : refuse(`${name} is a whole number from 1, not ${text}`);
}

function refuse(reason: string): never {
  throw new BenchFault(`${reason}\n${USAGE}`);
}

async function runBench(bench: Bench, { options, assert }: Request): Promise<Result> {
  const first = await bench.run(options);
  const missed = first.targets.some((outcome) => !isMet(outcome));
  // A busy machine can spoil one run, hardly two.
  const report = assert && missed ? await bench.run(options) : first;
  const environment = environmentOf(options);
  console.log(`\n${bench.name}: ${bench.summary}\n\n${reportText(report, environment)}`);
  return { bench: bench.name, environment, ...report };
}

async function main(args: readonly string[]): Promise<number> {
  try {
    const request = requestOf(args);
    const results: Result[] = [];
    for (const bench of request.benches) results.push(await runBench(bench, request));
    if (request.json !== undefined) await writeFile(request.json, `${JSON.stringify(results, null, 2)}\n`);
    const missed = results.flatMap(({ targets }) => targets.filter((outcome) => !isMet(outcome)));
    return request.assert && missed.length > 0 ? MISSED : FINE;
  } catch (error) {
    console.error(error instanceof BenchFault ? `bench: ${error.message}` : error);
    return NOT_RUN;
  }
}

process.exitCode = await main(process.argv.slice(2));
