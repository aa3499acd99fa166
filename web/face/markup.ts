const SVG = 'http://www.w3.org/2000/svg';

/** A tag (its slash, name, attributes, the slash of an empty one), a comment, or text between them. */
const PIECES = /<!--[\s\S]*?-->|<(\/?)([\w-]+)([^>]*?)(\/?)>|([^<]+)/g;

/**
 * Builds a drawing from its text, which has to be well formed: each element closed, attributes in double quotes, no
 * entities. By hand, because pages that ask for trusted types forbid every function that parses markup.
 */
export function drawingOf(markup: string): DocumentFragment {
  const drawing = document.createDocumentFragment();
  const open: (DocumentFragment | Element)[] = [drawing];
  for (const [, ends, name, attributes, isEmpty, text] of markup.matchAll(PIECES)) {
    const parent = open.at(-1) ?? drawing;
    if (text !== undefined && text.trim() !== '') parent.append(text);
    if (name === undefined) continue;
    if (ends === '/') {
      open.pop();
      continue;
    }
    const element = document.createElementNS(SVG, name);
    for (const [, key = '', value = ''] of (attributes ?? '').matchAll(/([\w-]+)="([^"]*)"/g))
      element.setAttribute(key, value);
    parent.append(element);
    if (isEmpty !== '/') open.push(element);
  }
  return drawing;
}
