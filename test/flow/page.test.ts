import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { chromium, type Browser, type Locator, type Page } from 'playwright-core';
import { seededId } from '#src/sandbox/slack/state/seed.ts';
import { call, startPageApp, type PageApp } from './page-app.ts';

const executablePath = (process.env.PATH ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'chromium'))
  .find((file) => existsSync(file));
const ARGS = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
/** In CI a missing browser is a failure, elsewhere a skip that the report shows. */
const withBrowser = executablePath === undefined && process.env.CI !== 'true' ? describe.skip : describe;

jest.setTimeout(15_000);

withBrowser('src/sandbox/web', () => {
  let folder: string;
  let app: PageApp;
  let browser: Browser;
  /** Whatever the page must never do: fetch from outside, break its own policy, throw. */
  const misdeeds: string[] = [];

  beforeAll(async () => {
    if (executablePath === undefined) throw new Error('There is no chromium on PATH.');
    folder = mkdtempSync(join(tmpdir(), 'k8ssec-page-'));
    const built = spawnSync(process.execPath, [fileURLToPath(new URL('../../scripts/build-page.mjs', import.meta.url)), folder], { encoding: 'utf8' });
    if (built.status !== 0) throw new Error(`The page could not be built: ${built.stderr}`);
    app = await startPageApp(folder);
    browser = await chromium.launch({ executablePath, args: ARGS });
  }, 30_000);

  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    expect(misdeeds.splice(0)).toEqual([]);
  });

  afterAll(async () => {
    await browser.close();
    await app.stop();
    rmSync(folder, { recursive: true });
  });

  async function open(route = '', viewport = DESKTOP): Promise<Page> {
    const context = await browser.newContext({ viewport, hasTouch: viewport === PHONE, isMobile: viewport === PHONE });
    const page = await context.newPage();
    page.setDefaultTimeout(4000);
    page.on('pageerror', (error) => misdeeds.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && misdeeds.push(message.text()));
    page.on('request', (request) => request.url().startsWith(app.sandbox.pageUrl) || misdeeds.push(`fetched ${request.url()}`));
    await page.goto(`${app.sandbox.pageUrl}${route}`);
    await page.locator('.page').waitFor();
    return page;
  }

  function composer(page: Page): Locator {
    return page.locator('.composer-field').first();
  }

  async function askForAccess(page: Page, reason: string): Promise<void> {
    await composer(page).fill('/k8ssec access');
    await page.keyboard.press('Enter');
    await page.getByRole('combobox', { name: 'Cluster' }).fill('eu');
    await page.getByRole('option', { name: 'prod-eu' }).click();
    await page.getByRole('textbox', { name: 'Reason' }).fill(reason);
    await page.keyboard.press('Enter');
  }

  test('begins where the app is and the person can write, and says what it is', async () => {
    const page = await open();

    await page.getByText('Nothing here leaves this machine.').waitFor();
    expect(await page.locator('h1').innerText()).toContain('sec-prod');
    expect(await page.locator('.person-switch').innerText()).toContain('Ann Operator');
    await page.getByRole('button', { name: '/k8ssec help' }).click();
    await page.getByText('to ask for access').waitFor();
  });

  test('takes a command by keyboard alone, and brings it back with Up', async () => {
    const page = await open('#/ann/channel/team-shop');
    await composer(page).and(page.locator(':focus')).waitFor();

    await page.keyboard.type('/');
    expect(await page.getByRole('option').innerText()).toContain('[help|access]');
    await page.keyboard.press('Tab');
    expect(await page.locator('.composer-hint').innerText()).toBe('/k8ssec [help|access]');
    await page.keyboard.type('help');
    await page.keyboard.press('Enter');

    const message = page.locator('.message', { hasText: 'to ask for access' });
    expect(await message.innerText()).toContain('Only visible to you');
    await page.keyboard.press('ArrowUp');
    expect(await composer(page).inputValue()).toBe('/k8ssec help');
    await message.getByRole('button', { name: 'Dismiss' }).click();
    await message.waitFor({ state: 'detached' });
  });

  test('shows what is wrong in a modal below the input, and goes on when it is right', async () => {
    const page = await open('#/ann/channel/sec-prod');

    await askForAccess(page, 'because');
    const reason = page.getByRole('textbox', { name: 'Reason' });
    await page.locator('.input-error', { hasText: 'Name an incident.' }).waitFor();
    expect(await reason.getAttribute('aria-invalid')).toBe('true');
    await reason.and(page.locator(':focus')).waitFor();
    await page.keyboard.type(' of INC-77');
    await page.keyboard.press('Enter');

    await page.locator('.message', { hasText: 'because of INC-77' }).waitFor();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await composer(page).and(page.locator(':focus')).waitFor();
  });

  test('leaves a modal with Escape, after the list that is open in it', async () => {
    const page = await open('#/ann/channel/sec-prod');
    await composer(page).fill('/k8ssec access');
    await page.keyboard.press('Enter');
    const cluster = page.getByRole('combobox', { name: 'Cluster' });
    await page.getByRole('dialog', { name: 'Ask for access' }).waitFor();
    await page.keyboard.type('us');
    await page.getByRole('option', { name: 'dev-us' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    expect(await cluster.inputValue()).toBe('dev-us');

    await page.keyboard.press('ArrowDown');
    await page.getByRole('listbox').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('listbox').waitFor({ state: 'detached' });
    expect(await page.getByRole('dialog').count()).toBe(1);
    await page.keyboard.press('Escape');

    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(app.sandbox.as('ann').modal()).toBeUndefined();
  });

  test('asks back before a button, and lets another person decide', async () => {
    const page = await open('#/ann/channel/sec-private');
    await askForAccess(page, 'INC-1');
    await page.getByRole('button', { name: 'Approve', exact: true }).click();
    await page.getByRole('alertdialog', { name: 'Approve access?' }).getByRole('button', { name: 'Go back' }).click();
    expect(await page.locator('.message').innerText()).not.toContain('Approved');

    await page.locator('.person-switch').click();
    await page.getByRole('menuitemradio', { name: /Bo Approver/ }).click();
    await page.locator('.person-switch', { hasText: 'Bo Approver' }).waitFor();
    await page.getByRole('button', { name: 'Approve', exact: true }).click();
    await page.getByRole('button', { name: 'Yes, approve' }).click();

    const message = page.locator('.message', { hasText: 'Approved by @bo' });
    expect(await message.innerText()).toContain('(edited)');
    expect(page.url()).toContain('#/bo/channel/sec-private');
  });

  test('puts a sign beside a button that did not work', async () => {
    const page = await open('#/ann/channel/partner-acme');
    await askForAccess(page, 'INC-2');

    await page.getByRole('button', { name: 'Break' }).click();

    expect(await page.getByRole('alert').innerText()).toMatch(/dispatch_failed/);
  });

  test('opens a thread beside the channel and answers in it', async () => {
    const channel = seededId('channel', 'sec-prod');
    const { ts } = await call(app.sandbox, 'chat.postMessage', { channel, text: 'Scan of prod-eu finished' });
    await call(app.sandbox, 'chat.postMessage', { channel, thread_ts: ts, text: 'Details' });
    const page = await open('#/ann/channel/sec-prod');

    await page.getByRole('button', { name: /1 reply/ }).click();
    const thread = page.getByRole('complementary', { name: 'Thread' });
    await thread.getByText('Details').waitFor();
    await thread.getByRole('combobox', { name: 'Reply' }).fill('Thank you');
    await page.keyboard.press('Enter');
    await thread.locator('.message', { hasText: 'Thank you' }).waitFor();
    await page.getByRole('button', { name: /2 replies/ }).waitFor();
    await page.keyboard.press('Escape');

    await thread.waitFor({ state: 'detached' });
  });

  test('shows the Home tab and the direct message of the app', async () => {
    const page = await open('#/ann/app/home');

    await page.getByText('Everything is fine.').waitFor();
    await page.getByRole('button', { name: 'Messages with k8ssec' }).click();
    await composer(page).fill('Hello *you*');
    await page.keyboard.press('Enter');

    expect(await page.locator('.message', { hasText: 'Hello you' }).locator('strong').last().innerText()).toBe('you');
  });

  test('counts what came in elsewhere until it has been looked at', async () => {
    const page = await open('#/ann/channel/sec-prod');
    await call(app.sandbox, 'chat.postMessage', { channel: seededId('channel', 'team-shop'), text: 'Look here' });
    await page.getByRole('button', { name: /team-shop.*1 unread/ }).waitFor();

    await page.getByRole('button', { name: /team-shop/ }).click();
    await page.locator('.message', { hasText: 'Look here' }).waitFor();

    await page.getByRole('button', { name: /team-shop.*unread/ }).waitFor({ state: 'detached' });
  });

  test('fits a phone: the channels in a drawer, nothing wider than the screen, large targets', async () => {
    const page = await open('#/ann/channel/sec-prod', PHONE);
    const drawer = page.getByRole('navigation', { name: 'Channels' });
    expect(await drawer.isVisible()).toBe(false);

    await page.getByRole('button', { name: 'Channels' }).click();
    await drawer.getByRole('button', { name: /team-shop/ }).click();
    await page.waitForFunction('document.querySelector("h1").innerText.includes("team-shop")');
    await drawer.waitFor({ state: 'hidden' });
    await composer(page).fill('/k8ssec access');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByRole('dialog', { name: 'Ask for access' }).waitFor();

    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(PHONE.width);
    for (const button of await page.locator('.dialog button, .pane-head button, .composer button').all()) {
      const box = await button.boundingBox();
      expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(44);
    }
  });
});
