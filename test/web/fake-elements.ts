/** As much of an element as the page's controls use, for Node. */
export class FakeElement extends EventTarget {
  hidden = false;
  disabled = false;
  value = '';
  textContent = '';
  title = '';
  readonly dataset: Record<string, string> = {};
  readonly style = { height: '', setProperty: () => undefined };
  readonly scrollHeight = 0;
  readonly #attributes = new Map<string, string>();

  getAttribute(name: string): string | null {
    return this.#attributes.get(name) ?? null;
  }

  setAttribute(name: string, value: string): void {
    this.#attributes.set(name, value);
  }

  focus(): void {}

  setPointerCapture(): void {}

  /** Something happens to it. @returns whether the browser's own doing was prevented. */
  happen(type: string, details: object = {}): boolean {
    const event = Object.assign(new Event(type, { cancelable: true }), details);
    return !this.dispatchEvent(event);
  }
}

class FakeButton extends FakeElement {}
class FakeForm extends FakeElement {}
class FakeTextArea extends FakeElement {}

const KINDS = {
  Element: FakeElement,
  HTMLElement: FakeElement,
  HTMLButtonElement: FakeButton,
  HTMLFormElement: FakeForm,
  HTMLTextAreaElement: FakeTextArea,
};

/**
 * Makes a page of these elements, by their ids, in place of the one before; what a module asks of `document` and `window`
 * is answered from it until the process ends.
 */
export function makePage<Id extends string>(
  elements: Readonly<Record<Id, Exclude<keyof typeof KINDS, 'Element'>>>,
): Readonly<Record<Id, FakeElement>> {
  const made = Object.fromEntries(
    Object.entries<keyof typeof KINDS>(elements).map(([id, kind]) => [id, new KINDS[kind]()]),
  ) as Record<Id, FakeElement>;
  const window = Object.assign(new EventTarget(), {
    ...{ setTimeout, clearTimeout, setInterval, clearInterval },
    matchMedia: () => ({ matches: false }),
  });
  Object.assign(globalThis, KINDS, {
    document: Object.assign(new EventTarget(), {
      getElementById: (id: string) => made[id as Id] ?? null,
    }),
    window,
    CSS: { supports: () => true },
  });
  return made;
}
