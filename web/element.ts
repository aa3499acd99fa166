/**
 * The element of the page with this id.
 *
 * @throws TypeError if the page has none of this type: index.html and the code disagree.
 */
export function element<Type extends Element>(id: string, type: new () => Type): Type {
  const found = document.getElementById(id);
  if (!((found as Element | null) instanceof type)) throw new TypeError(`no ${type.name} #${id} in the page`);
  return found as unknown as Type;
}
