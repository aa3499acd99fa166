import assert from 'node:assert/strict';
import type { Agent, Image } from '../agents/agent.ts';
import { samplesToMs } from '../audio/pcm.ts';
import { AgentError } from '../errors.ts';
import { Conversation } from './conversation.ts';

/** To see that nothing comes any more, one has to look for a while. */
const WATCH_MS = 50;

/** An agent that was started for one test, with the other end it talks to. */
export interface StartedAgent {
  readonly agent: Agent;
  /** Stops the agent and its other end. */
  stop(): Promise<void>;
}

/** How the contract gets at an agent. What is left out is not tested. */
export interface AgentHarness {
  /** Starts the agent, with an other end that answers. Called anew for each test. */
  start(): Promise<StartedAgent>;
  /** A question that gets an answer of sound and words that ends by itself. */
  readonly question: string;
  /** A question whose answer goes on for many seconds, at least until it is cancelled. */
  readonly longQuestion: string;
  /** Breaks the connection of the conversations that are open, as a crash of the other end does. */
  readonly lose?: (started: StartedAgent) => void | Promise<void>;
  /** The agent with nobody at its other end. */
  readonly unreachable?: () => Promise<StartedAgent>;
  /** The agent with an other end that takes the connection and never says a word. */
  readonly hanging?: () => Promise<StartedAgent>;
}

/** One promise of the contract, for any test runner. */
export interface ContractCase {
  /** A sentence. */
  readonly title: string;
  /** Rejects if the promise is broken. */
  run(): Promise<void>;
}

/** What every agent promises to the session that talks with it (agents/agent.ts), as tests. */
export function agentContract(harness: AgentHarness): ContractCase[] {
  const { question, longQuestion, lose, unreachable, hanging } = harness;
  return [
    onAgent(harness, 'says what it is: a name, sample rates, capabilities', async ({ agent }) => {
      assert.notEqual(agent.name, '');
      for (const rate of [agent.audio.inputRate, agent.audio.outputRate]) {
        assert.ok(Number.isInteger(rate) && rate >= 8000 && rate <= 96_000, `${rate} Hz`);
      }
      assert.ok(agent.charsPerSecond > 0);
      for (const [name, value] of Object.entries(agent.capabilities))
        assert.equal(typeof value, 'boolean', name);
    }),
    inConversation(harness, 'has the methods of its capabilities', async ({ session }, { agent }) => {
      if (agent.capabilities.vision) assert.equal(typeof session.sendImage, 'function');
      if (agent.capabilities.tools) assert.equal(typeof session.sendToolResult, 'function');
    }),
    inConversation(harness, 'answers a question with sound and words in one turn that ends', async (talk) => {
      const turnId = await talk.ask(question);
      const ofTurn = talk.events.filter((event) => 'turnId' in event && event.turnId === turnId);
      const types = new Set(ofTurn.map(({ type }) => type));
      assert.ok(types.has('audio'), 'sound');
      const words = ofTurn.map((event) => ('text' in event ? event.text : '')).join('');
      assert.notEqual(words?.trim(), '', 'words');
      assert.equal(ofTurn.filter(({ type }) => type === 'turn_ended').length, 1, 'one end');
      assert.equal(ofTurn.at(-1)?.type, 'turn_ended', 'nothing after the end');
    }),
    inConversation(harness, 'makes sound of 16-bit samples, never empty', async (talk, { agent }) => {
      await talk.ask(question);
      const pieces = talk.of('audio').map(({ pcm }) => pcm);
      for (const pcm of pieces) assert.ok(pcm instanceof Int16Array && pcm.length > 0);
      const samples = pieces.reduce((length, pcm) => length + pcm.length, 0);
      assert.ok(samplesToMs(samples, agent.audio.outputRate) >= 20, 'long enough to be heard');
    }),
    inConversation(harness, 'gives every turn a name, and none a second time', async (talk) => {
      const first = await talk.ask(question);
      const second = await talk.ask(question);
      assert.notEqual(first, '');
      assert.notEqual(second, '');
      assert.notEqual(first, second);
    }),
    inConversation(
      harness,
      'stops when cancelled, and answers what is asked next in a new turn',
      async (talk) => {
        talk.session.sendText(longQuestion);
        await talk.until('sound', () => talk.of('audio').length > 0);
        const cancelled = talk.of('audio')[0]?.turnId ?? '';
        talk.session.cancel(cancelled, { ms: 10, text: '' });
        talk.session.sendText(question);
        const next = () => talk.of('turn_ended').find(({ turnId }) => turnId !== cancelled);
        await talk.until('the next answer', () => next() !== undefined);
        const sound = () => talk.of('audio').filter(({ turnId }) => turnId === cancelled).length;
        const before = sound();
        await watch();
        assert.equal(sound(), before, 'the cancelled answer makes no more sound');
        assert.ok(talk.of('audio').some(({ turnId }) => turnId === next()?.turnId));
        assert.deepEqual(talk.of('lost'), []);
      },
    ),
    inConversation(harness, 'is not confused by a cancel of what is over or never was', async (talk) => {
      talk.session.cancel('never', { ms: 0, text: '' });
      const turnId = await talk.ask(question);
      talk.session.cancel(turnId, { ms: 0, text: '' });
      talk.session.cancel(turnId, { ms: 0, text: '' });
      await talk.ask(question);
      assert.deepEqual(talk.of('lost'), []);
    }),
    inConversation(harness, 'takes the user’s sound at any time, in any size', async (talk, { agent }) => {
      talk.session.endAudio();
      for (const samples of [1, agent.audio.inputRate / 10, 0]) {
        talk.session.sendAudio(new Int16Array(samples));
      }
      talk.session.endAudio();
      talk.session.endAudio();
      await talk.ask(question);
      assert.deepEqual(talk.of('lost'), []);
    }),
    inConversation(harness, 'takes answers of tools it never called, and pictures', async (talk) => {
      talk.session.sendToolResult?.('never', { anything: [1] });
      talk.session.sendImage?.(PICTURE);
      talk.session.sendText(question);
      await talk.until('sound', () => talk.of('audio').length > 0);
      assert.deepEqual(talk.of('lost'), []);
      const begun = new Set(talk.of('turn_started').map(({ turnId }) => turnId));
      for (const { turnId } of talk.of('turn_ended')) {
        assert.ok(begun.has(turnId), 'what fails outside of an answer is a fault, not the end of a turn');
      }
    }),
    onAgent(harness, 'takes up a conversation that has a past, and tools', async ({ agent }) => {
      const talk = await Conversation.open(agent, {
        history: [
          { role: 'user', text: 'My name is Ada.' },
          { role: 'assistant', text: 'Hello Ada.' },
        ],
        tools: [{ name: 'wave', description: 'Waves.', parameters: { type: 'object', properties: {} } }],
      });
      await talk.ask(question);
      await talk.end();
    }),
    onAgent(harness, 'keeps conversations apart', async ({ agent }) => {
      const [one, two] = await Promise.all([Conversation.open(agent), Conversation.open(agent)]);
      await one.ask(question);
      assert.deepEqual([...two.of('audio'), ...two.of('text')], []);
      await Promise.all([one.end(), two.end()]);
    }),
    inConversation(
      harness,
      'may be closed twice, and after that says nothing and never throws',
      async (talk) => {
        talk.session.sendText(longQuestion);
        await talk.until('sound', () => talk.of('audio').length > 0);
        await Promise.all([talk.session.close(), talk.session.close()]);
        const said = talk.events.length;
        talk.session.sendText(question);
        talk.session.sendAudio(new Int16Array(100));
        talk.session.endAudio();
        talk.session.cancel('any', { ms: 0, text: '' });
        talk.session.sendToolResult?.('any', null);
        talk.session.sendImage?.(PICTURE);
        await watch();
        assert.equal(talk.events.length, said);
      },
    ),
    onAgent(harness, 'does not open for a signal that has aborted', async ({ agent }) => {
      const reason = new Error('over before it began');
      await assert.rejects(
        Conversation.open(agent, { signal: AbortSignal.abort(reason) }).then((talk) => talk.end()),
        (error) => error === reason,
      );
    }),
    ...only(hanging, (start) =>
      onAgent({ start }, 'gives up opening when its signal aborts', async ({ agent }) => {
        const abort = new AbortController();
        const reason = new Error('nobody waits any more');
        const opening = Conversation.open(agent, { signal: abort.signal });
        setImmediate(() => abort.abort(reason));
        await assert.rejects(opening, (error) => error === reason);
      }),
    ),
    ...only(unreachable, (start) =>
      onAgent({ start }, 'says with a retryable error that it cannot be reached', async ({ agent }) => {
        await assert.rejects(Conversation.open(agent), (error) => {
          assert.ok(error instanceof AgentError);
          return error.retryable && error.code === 'agent_unavailable';
        });
      }),
    ),
    ...only(lose, (breakIt) =>
      inConversation(
        harness,
        'says once that the connection is lost, and nothing after',
        async (talk, started) => {
          talk.session.sendText(longQuestion);
          await talk.until('sound', () => talk.of('audio').length > 0);
          await breakIt(started);
          await talk.until('the loss', () => talk.of('lost').length > 0);
          const [lost] = talk.of('lost');
          assert.ok(lost?.error instanceof AgentError && lost.error.retryable);
          talk.session.sendText(question);
          await watch();
          assert.equal(talk.events.at(-1), lost);
        },
      ),
    ),
  ];
}

/** Hands the contract to a test runner: `test` of node:test, vitest or jest. */
export function testAgentContract(
  test: (title: string, run: () => Promise<void>) => unknown,
  name: string,
  harness: AgentHarness,
): void {
  for (const { title, run } of agentContract(harness)) void test(`${name} ${title}`, run);
}

const PICTURE: Image = { mimeType: 'image/jpeg', bytes: Uint8Array.of(0xff, 0xd8, 0xff, 0xd9) };

function onAgent(
  { start }: Pick<AgentHarness, 'start'>,
  title: string,
  check: (started: StartedAgent) => Promise<void>,
): ContractCase {
  const run = async () => {
    const started = await start();
    await check(started).finally(() => started.stop());
  };
  return { title, run };
}

function inConversation(
  harness: Pick<AgentHarness, 'start'>,
  title: string,
  check: (talk: Conversation, started: StartedAgent) => Promise<void>,
): ContractCase {
  return onAgent(harness, title, async (started) => {
    const talk = await Conversation.open(started.agent);
    await check(talk, started).finally(() => talk.end());
  });
}

function only<Part>(part: Part | undefined, make: (part: Part) => ContractCase): ContractCase[] {
  return part === undefined ? [] : [make(part)];
}

function watch(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, WATCH_MS));
}
