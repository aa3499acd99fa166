import { html } from '../html.js';

/** A part of the view with a heading, which can be folded away; what is folded away need not be drawn. */
export function section(title: string, ...children: (Node | string)[]): HTMLDetailsElement {
  const heading = html('summary', {}, html('h3', {}, title));
  return html(
    'details',
    { class: 'part', open: '' },
    heading,
    html('div', { class: 'content' }, ...children),
  );
}
