import { context, message, section } from '#src/blocks/build.ts';
import { code, md, sentence } from '#src/blocks/text.ts';
import { defineTemplate } from '#src/model/outbox.ts';

export interface Notice {
  /** One or two sentences. May hold what a person typed. */
  readonly text: string;
  /** What to do next, such as the usage of a command. */
  readonly next?: string;
  /** To find it in the logs. */
  readonly reference?: string;
}

/** A short private answer: something could not be understood, is not allowed, went wrong, or was simply done. */
export const template = defineTemplate<Notice>({
  name: 'notice',
  summary: 'A short private answer: not understood, not allowed, gone wrong, or done.',
  samples: {
    usage: { text: 'Unknown word "scna". Did you mean scan?', next: '/k8ssec scan [cluster]' },
    failure: { text: 'This could not be done: Redis does not answer.', reference: '7f3a90' },
    done: { text: 'The scan is being canceled.' },
  },
  render: ({ text, next, reference }) =>
    message(text, [
      section(sentence(text)),
      ...(next === undefined ? [] : [context(code(next))]),
      ...(reference === undefined ? [] : [context(md`Tell your administrator the reference ${code(reference)}.`)]),
    ]),
});
