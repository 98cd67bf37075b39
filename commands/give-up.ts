import { defineCommand } from '#src/model/command.ts';
import { namedNeed, needAnswer, permitNeed } from './support/needs.ts';

/** Says that access is not needed any more. Only whoever was asked can; approvers are asked to take it away. */
export const command = defineCommand({
  name: 'give-up',
  usage: 'give-up <question>',
  summary: 'Answer that access is not needed any more, which the bot asked you about.',
  examples: ['give-up n3fa81c0b'],
  // Whoever is asked answers, whatever their roles; everybody else is refused by the question itself.
  access: 'none',
  permit: permitNeed,
  maxWords: 1,
  flags: {},
  async run({ words: [id] }, caller, services) {
    const question = await namedNeed(id, services);
    return needAnswer(await services.needs.answer(question.id, { verdict: 'give-up' }, caller), services);
  },
});
