import { LIMITS } from './limits.ts';
import { boolean, byType, either, exactlyOne, known, list, object, oneOf, string, type Rule } from './rules.ts';

export const style = oneOf('primary', 'danger');
export const url = string({ max: LIMITS.url });

export function plainText(max: number = LIMITS.text): Rule {
  return byType({ plain_text: plainTextRule(max) });
}

export function mrkdwn(max: number = LIMITS.text): Rule {
  return byType({ mrkdwn: mrkdwnRule(max) });
}

/** Either kind of text. */
export function anyText(max: number = LIMITS.text): Rule {
  return byType({ plain_text: plainTextRule(max), mrkdwn: mrkdwnRule(max) });
}

function plainTextRule(max: number): Rule {
  return object({ type: known, text: string({ max }) }, { emoji: boolean });
}

function mrkdwnRule(max: number): Rule {
  return object({ type: known, text: string({ max }) }, { verbatim: boolean });
}

export const confirm: Rule = object(
  { title: plainText(LIMITS.confirm.title), text: anyText(LIMITS.confirm.text), confirm: plainText(LIMITS.confirm.button), deny: plainText(LIMITS.confirm.button) },
  { style },
);

const value = string({ max: LIMITS.option.value });

/** Option of a select menu. */
export const plainOption: Rule = object({ text: plainText(LIMITS.option.text), value }, { description: plainText(LIMITS.option.description) });

/** Option of checkboxes and radio buttons. */
export const richOption: Rule = object({ text: anyText(LIMITS.option.text), value }, { description: anyText(LIMITS.option.description) });

export const overflowOption: Rule = object({ text: plainText(LIMITS.option.text), value }, { description: plainText(LIMITS.option.description), url });

export const optionGroup: Rule = object({ label: plainText(LIMITS.optionGroup.label), options: list(plainOption, { max: LIMITS.select.options }) });

export const conversationFilter: Rule = object(
  {},
  { include: list(oneOf('im', 'mpim', 'private', 'public')), exclude_external_shared_channels: boolean, exclude_bot_users: boolean },
  either('include', 'exclude_external_shared_channels', 'exclude_bot_users'),
);

export const dispatchActionConfig: Rule = object({}, { trigger_actions_on: list(oneOf('on_enter_pressed', 'on_character_entered')) });

const slackFile: Rule = object({}, { id: string(), url }, exactlyOne('id', 'url'));

/** The two ways to name a picture; for `object(…, imageSource, exactlyOneImage)`. */
export const imageSource = { image_url: url, slack_file: slackFile };
export const exactlyOneImage = exactlyOne('image_url', 'slack_file');

export const imageElement: Rule = byType({
  image: object({ type: known, alt_text: string({ max: LIMITS.image.altText }) }, imageSource, exactlyOneImage),
});
