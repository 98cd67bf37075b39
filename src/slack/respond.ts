import type { Message } from '#src/blocks/build.ts';

const TIMEOUT_MS = 2500;

/** Answers by the address that came with a command or a click; only the person sees it, and what they clicked on stays. */
export async function respondPrivately(responseUrl: string, { text, blocks }: Message): Promise<void> {
  const response = await fetch(responseUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({ response_type: 'ephemeral', replace_original: false, text, blocks }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`Slack did not take the answer (${response.status})`);
}
