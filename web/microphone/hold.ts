/** What {@link watchHold} tells. */
export interface HoldListener {
  onPress(): void;
  onRelease(): void;
}

/** Where the space bar has a meaning of its own. */
const OWN_SPACE = 'input, textarea, select, button, a[href], summary, video, [contenteditable], [tabindex]';

/**
 * Watches a button that is held: with a finger or mouse, with the space bar wherever it means nothing else, and, for those
 * who cannot hold anything, with one click of a screen reader or Enter to begin and another to end.
 */
export function watchHold(button: HTMLButtonElement, { onPress, onRelease }: HoldListener): void {
  button.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    button.setPointerCapture(event.pointerId); // a finger that slides off still holds it
    onPress();
  });
  for (const end of ['pointerup', 'pointercancel', 'lostpointercapture'] as const) {
    button.addEventListener(end, onRelease);
  }
  button.addEventListener('contextmenu', (event) => event.preventDefault()); // what phones do on a long press
  button.addEventListener('click', ({ detail }) => {
    if (detail !== 0) return; // of a pointer, which has held it
    if (button.getAttribute('aria-pressed') === 'true') onRelease();
    else onPress();
  });

  let spaceIsDown = false;
  const isFree = (target: EventTarget | null) =>
    target === button || !(target instanceof Element) || target.closest(OWN_SPACE) === null;
  window.addEventListener('keydown', (event) => {
    if (event.code !== 'Space' || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!spaceIsDown && !isFree(event.target)) return;
    event.preventDefault(); // neither scrolls nor clicks
    if (event.repeat || spaceIsDown) return;
    spaceIsDown = true;
    onPress();
  });
  window.addEventListener('keyup', (event) => {
    if (event.code !== 'Space' || !spaceIsDown) return;
    event.preventDefault();
    spaceIsDown = false;
    onRelease();
  });
  // The key may be let go in another window.
  window.addEventListener('blur', () => {
    spaceIsDown = false;
    onRelease();
  });
}
