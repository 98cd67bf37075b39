import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { message, section } from '#src/blocks/build.ts';
import { checkboxesInput, dateInput, selectInput, suggestInput, textInput } from '#src/blocks/inputs.ts';
import { ours } from '#src/blocks/text.ts';
import type { Caller } from '#src/model/access.ts';
import { defineCommand, type Arguments, type Command } from '#src/model/command.ts';
import type { DecisionEntry } from '#src/model/decision-log.ts';
import { ANN, listen, pressOf, shortcutOf, submissionOf, suggestionOf, typed, type ListenOptions, type Listening, type Shown } from '#test/build/listeners.ts';

const LIMIT_MS = 500;
const FIELDS = [
  suggestInput({ field: 'cluster', label: 'Cluster' }),
  selectInput({ field: 'role', label: 'Role', choices: [{ value: 'edit', text: 'Edit' }, { value: 'view', text: 'View' }] }),
  checkboxesInput({ field: 'also', label: 'Also', choices: [{ value: 'a', text: 'A' }, { value: 'b', text: 'B' }], optional: true }),
  dateInput({ field: 'until', label: 'Until', optional: true }),
  textInput({ field: 'reason', label: 'Reason', min: 10, max: 20 }),
];
const FILLED = {
  cluster: { type: 'external_select', selected_option: { value: 'prod' } },
  role: { type: 'static_select', selected_option: { value: 'edit' } },
  also: { type: 'checkboxes', selected_options: [{ value: 'a' }, { value: 'b' }] },
  until: { type: 'datepicker', selected_date: '2026-11-30' },
  reason: { type: 'plain_text_input', value: '  --not a flag = ok  ' },
};

interface Run {
  readonly args: Arguments;
  readonly caller: Caller;
}

/** Asks for what it needs in a form, unless a reason is given. */
function asking(runs: Run[]): Command {
  const string = (text: string) => ({ type: 'string', text }) as const;
  return defineCommand({
    name: 'access',
    usage: 'access request',
    summary: 'Asks.',
    examples: ['access request'],
    access: 'viewer',
    maxWords: 1,
    flags: { cluster: string('.'), role: string('.'), also: string('.'), until: string('.'), reason: string('.'), fixed: string('.') },
    form: {
      isWanted: ({ options }) => options.reason === undefined,
      check: ({ cluster, role }) => (cluster === 'gone' ? { cluster: 'There is no such cluster.', elsewhere: 'This is no field.' } : role === 'view' ? { role: 'Not this one.' } : {}),
      choices: (field, { role = 'no role' }) => (field === 'cluster' ? Array.from({ length: 150 }, (_, index) => ({ value: `prod-${index}`, text: `Prod ${index} (${role})` })) : []),
    },
    run(args, caller) {
      runs.push({ args, caller });
      if (args.options.reason !== undefined) return Promise.resolve({ message: said('Asked for.'), title: 'Done' });
      return Promise.resolve({ message: said('Say /k8ssec access request --reason …'), form: { title: 'Request access', submit: 'Ask', blocks: FIELDS, action: { command: 'access', args: ['request', '--fixed=yes'] } } });
    },
  });
}

function said(text: string) {
  return message(text, [section(ours(text))]);
}

async function begin(options: Partial<ListenOptions> = {}): Promise<Listening & { readonly runs: Run[] }> {
  const runs: Run[] = [];
  return { ...(await listen({ commands: [asking(runs)], ...options })), runs };
}

async function opened(bot: Listening): Promise<Shown['view']> {
  await bot.send(typed('access request'));
  return last(bot).view;
}

function last({ shown }: Listening): Shown {
  const view = shown.at(-1);
  if (view === undefined) throw new Error('no modal was shown');
  return view;
}

afterEach(() => {
  jest.restoreAllMocks();
});

describe('src/slack/forms.ts', () => {
  test('a typed command that lacks something opens a modal at once, and fills it with its form', async () => {
    const bot = await begin();

    expect(await bot.send(typed('access request'))).toBeUndefined();

    expect(bot.shown.map(({ method }) => method)).toEqual(['open', 'update']);
    expect(JSON.stringify(bot.shown[0])).toContain('Loading…');
    expect(last(bot).view).toMatchObject({ callback_id: 'access', title: { text: 'Request access' }, submit: { text: 'Ask' }, blocks: FIELDS });
    expect(bot.answers).toEqual([]);
  });

  test('a typed command that lacks nothing is answered as ever', async () => {
    const bot = await begin();

    await bot.send(typed('access request --reason "an incident"'));

    expect(bot.shown).toEqual([]);
    expect(bot.answers.map(({ text }) => text)).toEqual(['Asked for.']);
  });

  test('where no modal can be opened the usage is told privately', async () => {
    const bot = await begin({ refusesModals: 'expired_trigger_id' });

    await bot.send(typed('access request'));

    expect(bot.answers.map(({ text }) => text)).toEqual(['Say /k8ssec access request --reason …']);
  });

  test('a button of such a command opens its form', async () => {
    const bot = await begin();
    await opened(bot);
    const [token = ''] = bot.issued.keys();

    await bot.send(pressOf('access', token));

    expect(bot.shown.slice(-2).map(({ method }) => method)).toEqual(['open', 'update']);
    expect(last(bot).view.callback_id).toBe('access');
  });

  test('a shortcut is a command that is typed, and answers in a modal', async () => {
    const bot = await begin();

    await bot.send(shortcutOf('access request'));

    expect(bot.runs[0]?.caller).toEqual({ userId: ANN.id, name: 'ann', teamId: ANN.team_id, channelId: ANN.id, via: 'command' });
    expect(last(bot).view.callback_id).toBe('access');
  });

  test('a shortcut of another version is acknowledged, and nothing more', async () => {
    const bot = await begin();

    await bot.send(shortcutOf('scan prod'));

    expect(bot.runs).toEqual([]);
    expect(bot.shown).toEqual([]);
  });

  test('S34: the form carries a token and the channel, and says nothing of what it will do', async () => {
    const bot = await begin();

    const { private_metadata: metadata } = await opened(bot);

    expect(metadata).toMatch(/^C0SECPROD1 token0+\d+$/);
    expect(bot.issued.get(metadata.split(' ')[1] ?? '')).toEqual({ action: { command: 'access', args: ['request', '--fixed=yes'] } });
  });

  test('a submission runs the command with what was entered, and is answered in the modal', async () => {
    const bot = await begin();
    const view = await opened(bot);

    const answer = await bot.send(submissionOf({ view, entered: FILLED }));

    expect(answer).toMatchObject({ response_action: 'update', view: { title: { text: 'Request access' }, blocks: [{ text: { text: 'Working…' } }] } });
    expect(bot.runs.at(-1)).toMatchObject({
      args: { words: ['request'], options: { fixed: 'yes', cluster: 'prod', role: 'edit', also: 'a,b', until: '2026-11-30', reason: '--not a flag = ok' } },
      caller: { userId: ANN.id, channelId: 'C0SECPROD1', via: 'button' },
    });
    expect(last(bot)).toMatchObject({ method: 'update', view: { title: { text: 'Done' } } });
    expect(JSON.stringify(last(bot).view)).toContain('Asked for.');
  });

  test('a field cannot take the place of what the form is for', async () => {
    const bot = await begin();
    const view = await opened(bot);

    await bot.send(submissionOf({ view, entered: { ...FILLED, fixed: { type: 'plain_text_input', value: 'no' } } }));

    expect(bot.runs.at(-1)?.args.options.fixed).toBe('yes');
  });

  test.each<[string, object, Readonly<Record<string, string>>]>([
    ['what is missing', { reason: { type: 'plain_text_input', value: null } }, { reason: 'Something has to stand here.' }],
    ['what is nothing but blanks', { reason: { type: 'plain_text_input', value: ' '.repeat(15) } }, { reason: 'Something has to stand here.' }],
    ['what is long only by its blanks', { reason: { type: 'plain_text_input', value: '   short     ' } }, { reason: 'At least 10 characters.' }],
    ['what is too long', { reason: { type: 'plain_text_input', value: 'x'.repeat(21) } }, { reason: 'At most 20 characters.' }],
    ['a menu in which nothing was chosen', { cluster: { type: 'external_select', selected_option: null } }, { cluster: 'Something has to stand here.' }],
    ['what the command finds wrong, in fields alone', { cluster: { type: 'external_select', selected_option: { value: 'gone' } } }, { cluster: 'There is no such cluster.' }],
    ['all that is wrong at once', { role: { type: 'static_select', selected_option: { value: 'view' } }, reason: { type: 'plain_text_input', value: 'x' } }, { role: 'Not this one.', reason: 'At least 10 characters.' }],
  ])('%s is told with the acknowledgement, and nothing runs', async (_, entered, errors) => {
    const bot = await begin();
    const view = await opened(bot);
    const before = bot.runs.length;

    expect(await bot.send(submissionOf({ view, entered: { ...FILLED, ...entered } }))).toEqual({ response_action: 'errors', errors });

    expect(bot.runs).toHaveLength(before);
  });

  test('what has to be typed to the letter is checked with the acknowledgement, and only in that form', async () => {
    const name = 'oidc:bob builder@corp.example';
    const exact = defineCommand({ ...asking([]), run: () => Promise.resolve({ message: said('Typed.'), form: { title: 'Request access', submit: 'Ask', blocks: FIELDS, exact: { role: 'edit', reason: name.slice(0, 16) }, action: { command: 'access', args: ['request'] } } }) });
    const bot = await begin({ commands: [exact] });
    const view = await opened(bot);
    const submitted = (value: string) => bot.send(submissionOf({ view, entered: { ...FILLED, reason: { type: 'plain_text_input', value } } }));

    for (const wrong of ['oidc:bob  builder', 'OIDC:bob builder', 'oidc:bob builde']) expect(await submitted(wrong)).toEqual({ response_action: 'errors', errors: { reason: 'This is something else. It has to stand here exactly as it is shown above.' } });
    expect(await submitted(` ${name.slice(0, 16)} `)).toMatchObject({ response_action: 'update' });
  });

  test('what is too long to be remembered is left to the command', async () => {
    const long = defineCommand({ ...asking([]), run: () => Promise.resolve({ message: said('Typed.'), form: { title: 'Request access', submit: 'Ask', blocks: FIELDS, exact: { reason: 'x'.repeat(3000) }, action: { command: 'access', args: ['request'] } } }) });
    const bot = await begin({ commands: [long] });
    const view = await opened(bot);

    expect(view.private_metadata).toMatch(/^C0SECPROD1 token0+\d+$/);
    expect(await bot.send(submissionOf({ view, entered: FILLED }))).toMatchObject({ response_action: 'update' });
  });

  test('S1: every acknowledgement comes at once while the stores hang', async () => {
    const hangs = () => new Promise<never>(() => undefined);
    const view = await opened(await begin());
    const bot = await begin({ once: { isFirst: hangs }, buttons: { issue: hangs, resolve: hangs } });
    const faulty = { ...FILLED, reason: { type: 'plain_text_input', value: 'x' } };

    const begun = performance.now();
    const answers = await Promise.all([submissionOf({ view, entered: faulty }), submissionOf({ view, entered: FILLED }), suggestionOf(view, 'cluster', 'prod-1'), shortcutOf('access request'), typed('access request')].map(bot.acknowledged));

    expect(performance.now() - begun).toBeLessThan(LIMIT_MS);
    expect(answers.map((answer) => (answer as { readonly response_action?: string } | undefined)?.response_action)).toEqual(['errors', 'update', undefined, undefined, undefined]);
  });

  test('a submission that is delivered twice runs once, and ends in an answer', async () => {
    const bot = await begin();
    const view = await opened(bot);
    const submission = submissionOf({ view, entered: FILLED });

    await Promise.all([bot.send(submission), bot.send(submission)]);

    expect(bot.runs.filter(({ args }) => args.options.reason !== undefined)).toHaveLength(1);
    expect(JSON.stringify(last(bot).view)).not.toContain('Working…');
  });

  test('another submission of the same modal, as after a fault was mended, is another one', async () => {
    const bot = await begin();
    const view = await opened(bot);

    await bot.send(submissionOf({ view, entered: FILLED, hash: '1.a' }));
    await bot.send(submissionOf({ view, entered: FILLED, hash: '2.b' }));

    expect(bot.runs.filter(({ args }) => args.options.reason !== undefined)).toHaveLength(2);
  });

  test.each<[string, Partial<Shown['view']>]>([
    ['whose token is forgotten', { private_metadata: `C0SECPROD1 ${'x'.repeat(27)}` }],
    ['that names another command than its token', { callback_id: 'scan' }],
  ])('S31: a form %s is answered and does nothing', async (_, change) => {
    const bot = await begin();
    const view = await opened(bot);
    const before = bot.runs.length;

    await bot.send(submissionOf({ view: { ...view, ...change }, entered: FILLED }));

    expect(bot.runs).toHaveLength(before);
    expect(JSON.stringify(last(bot).view)).toContain('This form is too old: nothing was done. Open it anew.');
  });

  test('S32: the rights of whoever submits count, not of whoever opened the form', async () => {
    const refuse = jest.fn((caller: Caller) => Promise.resolve(caller.userId === ANN.id ? ({ allowed: true } as const) : ({ allowed: false, reason: 'Guests have no role here.', ask: [] } as const)));
    const append = jest.fn((_entry: DecisionEntry) => Promise.resolve());
    const bot = await begin({ services: { access: { may: refuse }, decisions: { append } } });
    const view = await opened(bot);
    const before = bot.runs.length;

    await bot.send(submissionOf({ view, entered: FILLED, user: { ...ANN, id: 'U0GUS00001', name: 'gus', username: 'gus' } }));

    expect(bot.runs).toHaveLength(before);
    expect(JSON.stringify(last(bot).view)).toContain('Guests have no role here.');
    expect(append).toHaveBeenCalledWith(expect.objectContaining({ kind: 'refused', who: 'U0GUS00001', what: 'access' }));
  });

  test('a failure after the submission is told in the modal', async () => {
    const view = await opened(await begin());
    const bot = await begin({ once: { isFirst: () => Promise.reject(new Error('no memory')) } });

    await bot.send(submissionOf({ view, entered: FILLED }));

    expect(JSON.stringify(last(bot).view)).toContain('Something went wrong in the bot.');
  });

  test('a modal that is no form of ours is acknowledged, and nothing more', async () => {
    const bot = await begin();

    expect(await bot.send(submissionOf({ view: { title: { text: 'x' }, blocks: [], private_metadata: 'C1' }, entered: {} }))).toBeUndefined();

    expect(bot.shown).toEqual([]);
  });

  test('a menu suggests what holds the words typed so far, at most a hundred, knowing what else was entered', async () => {
    const bot = await begin();
    const view = await opened(bot);

    expect(await bot.send(suggestionOf(view, 'cluster', 'PROD 14', { role: FILLED.role }))).toMatchObject({ options: [{ text: { text: 'Prod 14 (edit)' }, value: 'prod-14' }, ...Array.from({ length: 10 }, (_, index) => ({ value: `prod-14${index}` }))] });
    expect(((await bot.send(suggestionOf(view, 'cluster', ''))) as { readonly options: readonly unknown[] }).options).toHaveLength(100);
    expect(await bot.send(suggestionOf(view, 'other', ''))).toEqual({ options: [] });
  });
});
