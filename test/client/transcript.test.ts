import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Transcript } from '../../client/src/transcript.ts';

function make() {
  const words: string[] = [];
  const transcript = new Transcript({ onWord: ({ text }) => words.push(text), onEntry: () => undefined });
  const shown = () => transcript.entries.map(({ role, text, state }) => `${role} ${state}: ${text}`);
  return { transcript, words, shown };
}

describe('the transcript', () => {
  it('shows a word when it is heard, in the order of their times, and keeps no unheard word of a turn that was cut', () => {
    const { transcript, words, shown } = make();
    transcript.begin('a');
    for (const [text, at] of [
      ['One', 0],
      [' three', 200],
      [' two', 100],
      [' never', 900],
    ] as const) {
      transcript.addWord('a', text, at);
    }
    transcript.reveal('a', 150);
    assert.deepEqual(shown(), ['assistant speaking: One two']);
    transcript.end('a', 250, true);
    assert.deepEqual(shown(), ['assistant cut: One two three']);
    assert.deepEqual(words, ['One', ' two', ' three']);
    transcript.addWord('a', ' late', 300);
    transcript.reveal('a', 1e6);
    assert.deepEqual(shown(), ['assistant cut: One two three']);
  });

  it('shows the last words of a whole turn even if they are said to come after its sound', () => {
    const { transcript, shown } = make();
    transcript.begin('a');
    transcript.addWord('a', 'Bye.', 5000);
    transcript.complete('a');
    transcript.end('a', 1000, false);
    assert.deepEqual(shown(), ['assistant done: Bye.']);
  });

  it('puts what was spoken before the answer that already runs, and what is typed after it', () => {
    const { transcript, shown } = make();
    transcript.begin('a');
    transcript.addWord('a', 'Well', 0);
    transcript.reveal('a', 0);
    transcript.addUser('spoken', 'before_answer');
    transcript.addUser('typed', 'now');
    assert.deepEqual(shown(), ['user done: spoken', 'assistant speaking: Well', 'user done: typed']);
  });

  it('forgets the oldest of very many, and an answer among them goes on without harm', () => {
    const { transcript } = make();
    transcript.begin('a');
    transcript.addWord('a', 'Old', 0);
    transcript.addWord('a', ' words', 10);
    transcript.reveal('a', 0);
    for (let count = 0; count < 600; count += 1) transcript.addUser(`${count}`, 'now');
    transcript.reveal('a', 10);
    transcript.end('a', 10, false);
    assert.equal(transcript.entries.length, 500);
    assert.equal(transcript.entries.at(-1)?.text, '599');
  });
});
