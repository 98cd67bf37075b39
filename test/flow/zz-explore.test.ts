import { afterAll, beforeAll, describe, jest, test } from '@jest/globals';
import { asked, openOffice, type Office } from '#test/build/office.ts';
import { logged } from '#test/build/conversation.ts';

jest.setTimeout(20_000);
let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.stop());
describe('explore', () => {
  test('x', async () => {
    const { bot } = office;
    const id = await asked(bot, 'access request --cluster prod --namespace shop --role view --for 1h --reason "fix the stuck migration"');
    await new Promise((r) => setTimeout(r, 500));
    console.log(JSON.stringify(logged(bot, 'error'), null, 1), id);
    console.log(JSON.stringify(bot.slack.requests('chat.postMessage')[0], null, 1));
  });
});
