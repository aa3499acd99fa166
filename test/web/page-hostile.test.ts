import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Browser, BrowserContext } from 'playwright-core';
import { encodePcm } from '../../client/src/wire/pcm.ts';
import { FLAT_FACE, launchChromium, noChromium } from '../support/chromium.ts';
import { type RunningApp, runApp } from '../support/client.ts';
import {
  GREETING,
  type HostileServer,
  type Hostility,
  hostileServer,
  type Visit,
} from '../support/hostile-server.ts';
import { SMALL_WINDOW, SOON, soon, Visitor } from './visitor.ts';

const ids = (turnId: string) => ({ sessionId: 's', turnId, timestamp: 1 });
const start = (turnId: string) => ({ type: 'audio_start', ...ids(turnId), sampleRate: 24_000 });
const end = (turnId: string) => ({ type: 'audio_end', ...ids(turnId) });
const frame = (frameIndex: number, turnId: string) => ({
  ...{ type: 'sync_frame', ...ids(turnId), frameIndex, weights: { jawOpen: 0.5 } },
  audio: encodePcm(new Int16Array(800).fill(1000)),
});
const word = (text: string, turnId: string, startOffset = 0) => ({
  ...{ type: 'transcript_delta', role: 'assistant', text, ...ids(turnId) },
  ...{ startOffset, endOffset: startOffset + 1 },
});
const frames = (turnId: string, ...indexes: readonly number[]) =>
  indexes.map((index) => frame(index, turnId));
const error = (code: string, more: object = {}) => ({ type: 'error', code, message: code, ...more });

describe('the page, with a server that does not behave', { skip: noChromium, timeout: 240_000 }, () => {
  let real: RunningApp;
  let browser: Browser;
  let server: HostileServer;
  let context: BrowserContext;
  let visitor: Visitor;

  before(async () => {
    real = await runApp();
    browser = await launchChromium(undefined, [FLAT_FACE]);
  });

  after(async () => {
    await browser.close();
    await real.app.close();
  });

  afterEach(async () => {
    await visitor.leave();
    await context.close();
    await server.close();
  });

  /** Opens the page, which such a server gives out as it is, and whose conversation it holds. */
  async function meet(hostility: Hostility = {}, random = 0.02): Promise<void> {
    server = await hostileServer({
      ...hostility,
      onTokenRequest: (response, count, request) => {
        if (request.method === 'GET') void passOn(request, response);
        else if (hostility.onTokenRequest === undefined) response.writeHead(403).end();
        else hostility.onTokenRequest(response, count, request);
      },
    });
    context = await browser.newContext({ viewport: SMALL_WINDOW });
    // The waits between attempts are random: short ones, unless a test is to see them.
    await context.addInitScript((value) => {
      Math.random = () => value;
    }, random);
    visitor = await Visitor.open(context, `${server.url}/`);
  }

  async function passOn({ url }: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = await fetch(`${real.http}${url}`);
    const headers = ['content-type', 'content-security-policy'].flatMap((name) => {
      const value = answer.headers.get(name);
      return value === null ? [] : [[name, value] as const];
    });
    response.writeHead(answer.status, Object.fromEntries(headers));
    response.end(Buffer.from(await answer.arrayBuffer()));
  }

  const say = (...messages: readonly unknown[]) => server.visits.at(-1)?.say(...messages);
  const text = (words: string) => visitor.page.getByText(words).waitFor(SOON);
  const closeWith = (visit: Visit, code: number, ...messages: readonly unknown[]) => {
    visit.say(...messages);
    if (code === 1006) visit.socket.terminate();
    else visit.socket.close(code);
  };
  /** What the browser itself says of a server that refused or vanished is no fault of the page. */
  const forgiveTheNetwork = () => visitor.forgive(/WebSocket connection|Failed to load resource/);

  it('says garbage, and frames twice, late, out of order and of nobody: the rest is heard, word by word', async () => {
    await meet();
    await visitor.state('listening');
    say(
      '}',
      'null',
      '[]',
      '""',
      Buffer.of(1, 2, 3),
      { type: 'so?' },
      { type: 'config' },
      { type: 'sync_frame' },
    );
    say({ type: 'transcript_done', role: 'user', text: '<img src=x onerror=alert(1)>' });
    say(
      start('t'),
      word('One', 't'),
      word(' two', 't', 100),
      ...frames('t', 0, 0, 2, 1, 1, 4),
      '{',
      frame(5, 'other'),
    );
    say({ ...frame(6, 't'), audio: '***' }, { ...frame(7, 't'), weights: [Number.NaN, 'x', 7] });
    say(
      { type: 'trigger_action', function_name: '<b>', arguments: null },
      start('t'),
      ...frames('t', 3, 8, 9),
    );
    say(end('other'), end('t'), { type: 'interrupt', ...ids('nobody'), offsetMs: -1 });
    await visitor.state('speaking');
    await visitor.state('listening');
    assert.equal(await visitor.spoken(), 'One two');
    assert.deepEqual(await visitor.said(), ['<img src=x onerror=alert(1)>'], 'text is text');
    await visitor.say('Still there?');
    await soon('it is asked', () => server.visits[0]?.said.some(({ type }) => type === 'text') === true);
    say(start('next'), word('Yes.', 'next'), ...frames('next', 0, 1, 2, 3), end('next'));
    await text('Yes.');
    await visitor.state('listening');
  });

  it('stops in the middle of a turn and breaks off: what came is heard and marked as cut, then it goes on', async () => {
    await meet();
    await visitor.state('listening');
    say(start('t'), word('Half', 't'), word(' a', 't', 10_000), ...frames('t', 0, 1, 2, 3, 4));
    await visitor.hears(1);
    server.visits[0]?.socket.terminate();
    await soon('it is back', () => server.visits.length === 2);
    await visitor.state('listening');
    assert.equal(await visitor.spoken(), 'Half');
    assert.equal(await visitor.page.locator('.avatar.cut').count(), 1);
    forgiveTheNetwork();
  });

  it('closes with 1000, 1001, 1006, 1011, 1012, 4408, 4410: the page comes back by itself, every time', async () => {
    const codes = [1000, 1001, 1006, 1011, 1012, 4408, 4410];
    await meet({
      onVisit: (visit, count) => {
        const code = codes[count - 1];
        visit.say(GREETING);
        if (code !== undefined) closeWith(visit, code);
      },
    });
    await soon('it has come back', () => server.visits.length === codes.length + 1);
    await visitor.state('listening');
    forgiveTheNetwork();
  });

  it('is full, with a time (1013), or flooded (4429): says so, counts the seconds, and tries at once when told to', async () => {
    const full = error('too_many_sessions', { retryAfterMs: 60_000 });
    const onVisit = (visit: Visit, count: number) => {
      if (count === 1) closeWith(visit, 1013, full);
      else if (count === 2) closeWith(visit, 4429, GREETING);
      else visit.say(GREETING);
    };
    await meet({ onVisit }, 0.9);
    await text('Everybody wants to talk just now.');
    await visitor.page.getByText(/in [56][0-9] s\./).waitFor(SOON);
    assert.equal(await visitor.page.locator('#trouble').isVisible(), false, 'once is enough');
    await visitor.page.getByRole('button', { name: 'Try now' }).click();
    await soon('it has tried', () => server.visits.length === 2);
    await visitor.page.getByText(/in 2[0-9] s\./).waitFor(SOON);
    await visitor.page.getByRole('button', { name: 'Try now' }).click();
    await visitor.state('listening');
    forgiveTheNetwork();
  });

  it('refuses the token (1008): says what to do, tries again when told to, and wakes the avatar then', async () => {
    let open = false;
    await meet({
      onVisit: (visit) => {
        if (open) visit.say(GREETING);
        else closeWith(visit, 1008, error('origin_not_allowed'));
      },
    });
    await visitor.state('refused');
    await text('This page is not allowed to talk to the server.');
    await text('AUTH_ALLOWED_ORIGINS');
    assert.equal(await visitor.page.locator('.face-stage').getAttribute('data-mood'), 'asleep');
    open = true;
    await visitor.page.getByRole('button', { name: 'Try again' }).click();
    await visitor.state('listening');
    assert.equal(server.visits.length, 2);
    forgiveTheNetwork();
  });

  it('closes for idleness (4409): rests, and is woken by whatever the visitor does', async () => {
    await meet({
      onVisit: (visit, count) => {
        if (count < 3) closeWith(visit, 4409, GREETING, error('session_idle'));
        else visit.say(GREETING);
      },
    });
    await visitor.state('resting');
    await text('I took a nap');
    assert.equal(await visitor.page.locator('#trouble').isVisible(), false);
    await visitor.page.getByRole('button', { name: 'Wake up' }).click();
    await soon('it has woken', () => server.visits.length === 2);
    await visitor.state('resting');
    await visitor.say('Good morning');
    await visitor.state('thinking');
    await soon('it is asked', () => server.visits[2]?.said[0]?.['data'] === 'Good morning');
    forgiveTheNetwork();
  });

  it('says errors in mid-conversation: they are shown in plain words, and the conversation goes on', async () => {
    await meet();
    await visitor.state('listening');
    say(error('agent_lost'));
    await text('The voice agent was lost for a moment.');
    say(error('whatever', { message: 'Something of its own.' }));
    await text('Something of its own.');
    say(start('t'), word('On', 't'), ...frames('t', 0, 1, 2), end('t'));
    await visitor.hears(1);
  });
});
