/**
 * Keeps the page as high as what is seen of it: where a keyboard covers a part of the window (iOS), the text box stays
 * above it.
 */
export function followViewport(): void {
  const viewport = window.visualViewport;
  if (viewport === null) return;
  const follow = () => {
    if (viewport.scale !== 1) return; // the visitor has zoomed in: that is no keyboard
    document.documentElement.style.setProperty('--height', `${viewport.height}px`);
    window.scrollTo(0, 0);
  };
  viewport.addEventListener('resize', follow);
  follow();
}
