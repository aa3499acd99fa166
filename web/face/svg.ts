const NAMESPACE = 'http://www.w3.org/2000/svg';

/** Makes an element of a drawing, without any markup: pages that allow none (Trusted Types) take it, too. */
export function svg(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  ...children: readonly (SVGElement | string)[]
): SVGElement {
  const element = document.createElementNS(NAMESPACE, name) as SVGElement;
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.append(...children);
  return element;
}
