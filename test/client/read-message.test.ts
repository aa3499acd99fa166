import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { BLENDSHAPES as CLIENT_BLENDSHAPES, VISEMES } from '../../client/src/index.ts';
import type { FaultKind } from '../../client/src/wire/fault.ts';
import type { ClientMessage } from '../../client/src/wire/messages.ts';
import { encodePcm } from '../../client/src/wire/pcm.ts';
import { readServerMessage } from '../../client/src/wire/read-message.ts';
import { BLENDSHAPES } from '../../src/protocol/blendshapes.ts';
import { parseClientMessage } from '../../src/protocol/client-messages.ts';
import { syncFrameEncoder } from '../../src/protocol/sync-frame.ts';
import { VISEMES as SERVER_VISEMES } from '../../src/protocol/visemes.ts';

function read(data: unknown) {
  const faults: FaultKind[] = [];
  const message = readServerMessage(data, (kind) => faults.push(kind));
  return { message, faults };
}

const ids = { sessionId: 's', turnId: 't' };

describe('what a server says', () => {
  it('is read as this server writes it', () => {
    const weights = Float32Array.from(BLENDSHAPES, (_, index) => index / 52);
    const pcm = Int16Array.of(1, -2, 32_767, -32_768);
    const text = syncFrameEncoder('s', 't')({ frameIndex: 7, weights, pcm, filler: true, timestamp: 1 });
    const { message, faults } = read(text);
    assert.ok(message?.type === 'sync_frame');
    assert.deepEqual([message.turnId, message.frameIndex, message.filler], ['t', 7, true]);
    assert.deepEqual(message.pcm, pcm);
    assert.equal(message.weights.tongueOut, 0.9808);
    assert.deepEqual(faults, []);
  });

  const rows: readonly (readonly [string, unknown, readonly FaultKind[]])[] = [
    ['binary', new ArrayBuffer(4), ['not_text']],
    ['half a message', '{"type":', ['not_json']],
    ['null', 'null', ['not_a_message']],
    ['a list', '[]', ['not_a_message']],
    ['no type', '{}', ['not_a_message']],
    ['a type of its own', '{"type":"nonsense"}', ['unknown_type']],
    ['a type every object has', '{"type":"constructor"}', ['unknown_type']],
    ['a turn without a name', JSON.stringify({ type: 'audio_start', sampleRate: 24_000 }), ['bad_field']],
    [
      'a rate no loudspeaker has',
      JSON.stringify({ type: 'audio_start', ...ids, sampleRate: 1 }),
      ['bad_field'],
    ],
    [
      'a rate that is no number',
      JSON.stringify({ type: 'config', audio: { outputSampleRate: '24k' } }),
      ['bad_field'],
    ],
    ['an offset that is no number', '{"type":"interrupt","turnId":"t","offsetMs":null}', ['bad_field']],
    [
      'words that are no text',
      JSON.stringify({ type: 'transcript_delta', role: 'assistant', text: 1, ...ids }),
      ['bad_field'],
    ],
    ['a frame without sound', JSON.stringify({ type: 'sync_frame', ...ids, weights: {} }), ['bad_field']],
    ['a message of 3 MiB', `{"type":"pong","x":"${'x'.repeat(3 * 1024 * 1024)}"}`, ['not_text']],
  ];
  for (const [name, data, faults] of rows) {
    it(`is dropped and told if it is ${name}`, () => {
      assert.deepEqual(read(data), { message: undefined, faults });
    });
  }

  it('keeps the sound of a frame whose face is broken, and the face of one whose sound is', () => {
    const audio = encodePcm(Int16Array.of(1, 2));
    const broken = read(
      JSON.stringify({ type: 'sync_frame', ...ids, audio, weights: { jawOpen: null, mouthLeft: 7 } }),
    );
    assert.ok(broken.message?.type === 'sync_frame');
    assert.deepEqual([broken.message.weights, broken.faults], [{ mouthLeft: 1 }, ['bad_weights']]);
    const odd = read(
      JSON.stringify({ type: 'sync_frame', ...ids, audio: btoa('abc'), weights: { jawOpen: 1 } }),
    );
    assert.ok(odd.message?.type === 'sync_frame');
    assert.deepEqual([odd.message.pcm.length, odd.faults], [1, ['bad_sound']]);
    const mute = read(JSON.stringify({ type: 'sync_frame', ...ids, audio: '%%%', weights: { jawOpen: 1 } }));
    assert.ok(mute.message?.type === 'sync_frame');
    assert.deepEqual(
      [mute.message.pcm.length, mute.message.weights, mute.faults],
      [0, { jawOpen: 1 }, ['bad_sound']],
    );
  });

  it('takes weights as a list, as other servers send them', () => {
    const { message } = read(
      JSON.stringify({
        type: 'sync_frame',
        ...ids,
        audio: 'AAAA',
        weights: BLENDSHAPES.map((_, at) => at / 100),
      }),
    );
    assert.ok(message?.type === 'sync_frame');
    assert.equal(message.weights.tongueOut, 0.51);
  });

  it('never throws, whatever it is', () => {
    const types = [
      'config',
      'avatar_state',
      'audio_start',
      'sync_frame',
      'audio_chunk',
      'audio_end',
      'transcript_delta',
      'transcript_done',
      'interrupt',
      'trigger_action',
      'error',
      'pong',
      'x',
    ];
    const fields = fc.dictionary(
      fc.constantFrom(
        'turnId',
        'audio',
        'data',
        'weights',
        'visemes',
        'role',
        'text',
        'startOffset',
        'offsetMs',
        'code',
        'message',
        'retryAfterMs',
        'sampleRate',
        'frameIndex',
        '__proto__',
      ),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(fc.constantFrom(...types), fields, (type, rest) => {
        const { message, faults } = read(JSON.stringify({ ...rest, type }));
        assert.ok(message !== undefined || faults.length > 0);
      }),
      { numRuns: 1000 },
    );
    fc.assert(fc.property(fc.anything(), (data) => void read(data)));
  });
});

describe('what the library says', () => {
  const said: Readonly<Record<ClientMessage['type'], ClientMessage>> = {
    text: { type: 'text', data: 'Hello', userId: 'user_1' },
    audio_stream_start: { type: 'audio_stream_start', sampleRate: 16_000, userId: 'user_1' },
    audio: { type: 'audio', data: encodePcm(Int16Array.of(1, 2, 3)) },
    audio_stream_end: { type: 'audio_stream_end' },
    interrupt: { type: 'interrupt' },
    image: {
      type: 'image',
      data: 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      mimeType: 'image/png',
      caption: 'a dot',
    },
    playback: { type: 'playback', turnId: 't', playedMs: 12.5 },
    action_result: { type: 'action_result', callId: 'c', result: { done: true } },
    ping: { type: 'ping' },
  };
  for (const message of Object.values(said)) {
    it(`is understood by the server: ${message.type}`, () => {
      assert.equal(parseClientMessage(Buffer.from(JSON.stringify(message)), false).type, message.type);
    });
  }

  it('has the names of the shapes in common with the server', () => {
    assert.deepEqual(CLIENT_BLENDSHAPES, BLENDSHAPES);
    assert.deepEqual([...VISEMES], [...SERVER_VISEMES], 'the names and the order are the server’s');
  });
});
