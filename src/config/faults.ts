/** One thing that is wrong with the configuration, by the name of the option and never with its value. */
export interface ConfigFault {
  readonly name: string;
  readonly problem: string;
}

/** Everything that is wrong with the configuration at once. */
export class ConfigError extends Error {
  readonly faults: readonly ConfigFault[];

  constructor(faults: readonly ConfigFault[]) {
    super(`The configuration has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}:\n${faults.map(({ name, problem }) => `  ${name}: ${problem}`).join('\n')}`);
    this.faults = faults;
  }
}
