/** Name of the bot under test among others. */
export const INSTALLATION = 'T0TEST.U0BOT';

export function installation(): Promise<string> {
  return Promise.resolve(INSTALLATION);
}
