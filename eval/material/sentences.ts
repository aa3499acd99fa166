/** What the held-out voice says: every sound of English, and many of those that close the lips. */
export const SENTENCES: readonly (readonly string[])[] = [
  [
    'My mother bought a big map of Bombay before breakfast.',
    'Five very fine knives fell off the wooden shelf.',
    'We should choose a new blue shoe for you.',
    'She sees three green trees beside the sea.',
    'Papa may pay the baker for the rhubarb pie.',
    'Calm cars start to park far from the barn.',
  ],
  [
    'Bob will bring apples, pepper, and a bamboo basket.',
    'The man on the moon made a movie about a mummy.',
    'Who knew the room would move so soon?',
    'Please keep these cheap jeans clean and neat.',
    'Over the phone he offered the chef half a waffle.',
    'Open your own old notebook and go home slowly.',
  ],
  [
    'A number of people jumped up from the table.',
    'Vivid violets and fresh leaves cover the river valley.',
    'Perhaps the problem became impossible to improve.',
    'That thin thread is thirty feet thick, they think.',
    'Zoe chose a dozen chairs, a jar of sugar, and six matches.',
    'Tom broke my umbrella; maybe Emma can help him mend it.',
  ],
];
