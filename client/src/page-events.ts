/** What a page goes through that a conversation must know. */
export interface PageListener {
  /** The network has changed, or the tab has been woken. */
  onReachable(): void;
  onVisible(visible: boolean): void;
  /** The user has clicked or pressed a key. */
  readonly onGesture: (() => void) | undefined;
}

const GESTURES = ['pointerdown', 'pointerup', 'keydown', 'touchend'] as const;

/** Watches the page, where there is one. @returns what stops it. */
export function watchPage(listener: PageListener): () => void {
  if (typeof window === 'undefined' || typeof document === 'undefined') return () => undefined;
  const ended = new AbortController();
  const { signal } = ended;
  const onReachable = () => listener.onReachable();
  window.addEventListener('online', onReachable, { signal });
  window.addEventListener('offline', onReachable, { signal });
  window.addEventListener('pageshow', onReachable, { signal });
  document.addEventListener(
    'visibilitychange',
    () => listener.onVisible(document.visibilityState === 'visible'),
    { signal },
  );
  for (const gesture of GESTURES) {
    if (listener.onGesture === undefined) break;
    window.addEventListener(gesture, listener.onGesture, { signal, capture: true, passive: true });
  }
  return () => ended.abort();
}
