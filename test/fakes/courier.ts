import type { Message } from '#src/blocks/build.ts';
import type { Clock } from '#src/model/clock.ts';
import type { Courier, Delivery, OutgoingContent } from '#src/model/courier.ts';

export interface CourierCall {
  readonly method: 'post' | 'update' | 'upload' | 'answers';
  readonly channel: string;
  /** Of the message changed, or of the one above in its thread. */
  readonly ts?: string;
  readonly text: string;
  readonly blocks: Message['blocks'];
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** What happens to the next call: Slack's answer, or an answer of the test's own, made while the call is under way. */
export type NextAnswer = Delivery | ((call: CourierCall) => Delivery | Promise<Delivery>);

export interface FakeCourier extends Courier {
  readonly calls: readonly CourierCall[];
  readonly of: (method: CourierCall['method']) => readonly CourierCall[];
  /** For the next calls, one each; afterwards everything is sent. */
  readonly next: (...answers: readonly NextAnswer[]) => void;
  /** Whether Slack answers at all; it does until this says otherwise. */
  readonly setAnswering: (answering: boolean) => void;
}

/** Slack as the outbox sees it. Posts get rising timestamps; while it does not answer, every call is lost. */
export function createFakeCourier(clock: Clock): FakeCourier {
  const calls: CourierCall[] = [];
  const answers: NextAnswer[] = [];
  let answering = true;
  let posts = 0;
  const make = async (call: Omit<CourierCall, 'at'>, sent: () => Delivery): Promise<Delivery> => {
    const made = { ...call, at: clock.now().getTime() };
    calls.push(made);
    if (!answering) return { outcome: 'lost' };
    const answer = answers.shift();
    return typeof answer === 'function' ? answer(made) : (answer ?? sent());
  };
  const newPlace = (channel: string): Delivery => {
    posts += 1;
    return { outcome: 'sent', place: { channel, ts: `${posts}.000` } };
  };
  return {
    calls,
    of: (method) => calls.filter((call) => call.method === method),
    next: (...more) => void answers.push(...more),
    setAnswering: (now) => {
      answering = now;
    },
    post: (channel, { text, blocks }, ts) => make({ method: 'post', channel, text, blocks, ...(ts !== undefined && { ts }) }, () => newPlace(channel)),
    update: (place, { text, blocks }) => make({ method: 'update', ...place, text, blocks }, () => ({ outcome: 'sent', place })),
    upload: (channel, { filename }: OutgoingContent, ts) => make({ method: 'upload', channel, text: filename, blocks: [], ...(ts !== undefined && { ts }) }, () => ({ outcome: 'sent', place: { channel, ts: '' } })),
    answers: () => {
      calls.push({ method: 'answers', channel: '', text: '', blocks: [], at: clock.now().getTime() });
      return Promise.resolve(answering);
    },
  };
}
