import type { Knowledge } from '../../../knowledge.ts';
import { speakable } from '../speech/speakable.ts';
import { ABOUT_THIS_SERVER } from './about-this-server.ts';
import { indexPassages, type PassageIndex } from './passage-index.ts';
import { sentencesOf } from './sentences.ts';
import { smallTalk } from './small-talk.ts';

const NOT_ENGLISH =
  'I am sorry, I can only read and speak English. For other languages, plug in OpenAI or Gemini.';

const NOT_FOUND =
  'I am sorry, I do not know that. I am the offline agent, and I can only quote from the text I was given. Ask me what I can do, or plug in OpenAI or Gemini for a real conversation.';

/** Answers typed questions. One per process. */
export interface Answerer {
  /** The answer, sentence by sentence; never empty. */
  answer(question: string): string[];
}

/**
 * Answers from the knowledge, or from a built-in text about this server while there is none. When the knowledge
 * changes it is indexed in the background; until that is done the old index answers.
 */
export async function createAnswerer(knowledge: Knowledge): Promise<Answerer> {
  let text = knowledge.text();
  let index: PassageIndex = await indexPassages(text || ABOUT_THIS_SERVER);
  const keepUp = () => {
    const current = knowledge.text();
    if (current === text) return;
    text = current;
    void indexPassages(current || ABOUT_THIS_SERVER).then((fresh) => {
      if (text === current) index = fresh;
    });
  };
  return {
    answer: (question) => {
      keepUp();
      const pleasantry = smallTalk(question);
      if (pleasantry !== undefined) return sentencesOf(pleasantry);
      const found = index.find(question);
      if (found?.some(isPronounceable)) return found;
      const foreign = found !== undefined || (/\p{L}/u.test(question) && !/[a-z]/i.test(question));
      return sentencesOf(foreign ? NOT_ENGLISH : NOT_FOUND);
    },
  };
}

/** Whether the voice can make something of a text: its figures alone are not what it says. */
function isPronounceable(text: string): boolean {
  const spoken = speakable(text);
  return /[a-z]/i.test(spoken) || (spoken !== '' && !/\p{L}/u.test(text));
}
