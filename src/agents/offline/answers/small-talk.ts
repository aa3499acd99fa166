/** What people say to try an avatar out, and what it answers. The first that fits wins. */
const SMALL_TALK: readonly (readonly [said: RegExp, answer: string])[] = [
  [
    /^(hi|hello|hey|howdy|good (morning|afternoon|evening)|greetings)\b[\s\S]{0,25}$/,
    'Hello! I am your avatar. I work without any key or account. Ask me what I can do, or talk to me with the microphone.',
  ],
  [/^how are you\b|^how do you do$|^how is it going\b/, 'I am fine, thank you. I am all yours.'],
  [
    /^(who|what) are you\b|^what is (your name|this)$|^introduce yourself/,
    'I am the offline agent of this avatar server. I answer questions from a text I was given, and I say back what you say to me.',
  ],
  [
    /what (can|do) you do|^help\b|how (can|do) i use (you|this)|what can i (ask|say)/,
    'I can answer questions about this server, or about the text in KNOWLEDGE_BASE_SOURCE. Turn on the microphone, and I will repeat what you say in your own voice. I can be interrupted at any time.',
  ],
  [
    /what can(no|')t you do|what can you not do|your limits/,
    'I cannot understand speech, I cannot hold a real conversation, and I cannot look things up. For that, plug in OpenAI or Gemini.',
  ],
  [/^(thanks|thank you|thx|cheers)\b/, 'You are welcome.'],
  [/^(bye|goodbye|good bye|see you|good night)\b/, 'Goodbye! It was nice talking to you.'],
  [
    /\bjoke\b/,
    'I only know one. A web socket walks into a bar, and the bartender says: you have been here the whole time.',
  ],
];

/** The answer to a pleasantry; undefined if the text is not one. */
export function smallTalk(text: string): string | undefined {
  const said = text
    .toLowerCase()
    .replace(/[’]/g, "'")
    .replace(/[^\p{L}\p{N}\s']/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return SMALL_TALK.find(([pattern]) => pattern.test(said))?.[1];
}
