import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { countingPcm, type Received, type Started, startSession } from '../support/session.ts';

/** What may happen to a session, in any order. */
type Happening =
  | { readonly kind: 'audio' | 'end' | 'text'; readonly turn: number }
  | { readonly kind: 'userSpeaks' | 'interrupt' | 'typed' | 'mic' | 'lose' }
  | { readonly kind: 'time'; readonly ms: number };

const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({ kind: fc.constantFrom('audio', 'end', 'text'), turn: fc.integer({ min: 0, max: 3 }) }),
  fc.record({ kind: fc.constantFrom('userSpeaks', 'interrupt', 'typed', 'mic', 'lose') }),
  fc.record({ kind: fc.constant('time'), ms: fc.integer({ min: 0, max: 700 }) }),
) as fc.Arbitrary<Happening>;

async function happen({ clock, voice, say }: Started, next: Happening): Promise<void> {
  switch (next.kind) {
    case 'audio':
      voice.emit({ type: 'audio', turnId: `t${next.turn}`, pcm: countingPcm(2400 * (next.turn + 1)) });
      break;
    case 'text':
      voice.emit({ type: 'text', turnId: `t${next.turn}`, text: 'some words ' });
      break;
    case 'end':
      voice.emit({ type: 'turn_ended', turnId: `t${next.turn}` });
      break;
    case 'userSpeaks':
      voice.emit({ type: 'user_speaking' });
      break;
    case 'interrupt':
      say({ type: 'interrupt' });
      break;
    case 'typed':
      say({ type: 'text', data: 'hey' });
      break;
    case 'mic':
      say({ type: 'audio', data: 'AAAA'.repeat(4) });
      break;
    case 'lose':
      voice.lose();
      break;
    case 'time':
      await clock.advance(next.ms);
      break;
  }
}

/** What a client must be able to rely on, whatever happened. */
function checkWire(messages: readonly Received[]): void {
  let live: string | undefined;
  let nextFrame = 0;
  let drained: string | undefined;
  const over = new Set<string>();
  for (const message of messages) {
    const turnId = String(message['turnId']);
    switch (message.type) {
      case 'audio_start':
        assert.equal(live, undefined, 'turns do not overlap');
        assert.ok(!over.has(turnId), 'a turn starts once');
        live = turnId;
        nextFrame = 0;
        break;
      case 'sync_frame':
        assert.equal(turnId, live, 'frames belong to the live turn');
        assert.equal(message['frameIndex'], nextFrame, 'frames count up');
        nextFrame += 1;
        break;
      case 'audio_end':
        assert.equal(turnId, live, 'the live turn ends');
        assert.ok(nextFrame >= 3, 'a turn has at least three frames');
        break;
      case 'interrupt':
        assert.ok(turnId === live || turnId === drained, 'only what the client plays is interrupted');
        assert.ok(Number(message['offsetMs']) <= (nextFrame * 1000) / 30 + 1);
        if (turnId === drained) drained = undefined;
        break;
      case 'transcript_delta':
        assert.equal(turnId, live);
        break;
      case 'transcript_done':
        if (message['role'] === 'user') break;
        assert.equal(turnId, live);
        over.add(turnId);
        drained = message['interrupted'] === true ? undefined : turnId;
        live = undefined;
        break;
    }
  }
}

test('whatever happens in whatever order, the wire keeps its promises and nothing is left behind', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { maxLength: 40 }), async (happenings) => {
      const started = await startSession();
      for (const next of happenings) await happen(started, next);
      await started.clock.advance(2000);
      checkWire(started.transport.sent.map(({ message }) => message));
      const closing = started.session.close();
      await started.clock.advance(0);
      await closing;
      const sent = started.transport.sent.length;
      await started.clock.advance(60_000);
      assert.equal(started.transport.sent.length, sent);
      assert.equal(started.clock.pendingTimers, 0);
    }),
    { numRuns: 500 },
  );
});

test('after an interrupt no frame of the cancelled answer follows, in ten thousand schedules', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 9600 }), { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 0, max: 600 }),
      fc.boolean(),
      async (pieces, afterMs, typed) => {
        const started = await startSession();
        const { clock, transport, voice, say } = started;
        for (const piece of pieces) voice.emit({ type: 'audio', turnId: 'a', pcm: countingPcm(piece) });
        await clock.advance(afterMs);
        say(typed ? { type: 'text', data: 'x' } : { type: 'interrupt' });
        const frames = transport.of('sync_frame').length;
        for (const piece of pieces) voice.emit({ type: 'audio', turnId: 'a', pcm: countingPcm(piece) });
        await clock.advance(600);
        assert.equal(transport.of('sync_frame').length, frames);
      },
    ),
    { numRuns: 10_000 },
  );
});
