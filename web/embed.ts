// A page's one script tag: <script src="https://server/embed.js"></script>. It is no module, so that it can be used
// anywhere; what it loads is. Without an <avatar-chat> in the page it puts one there, with the tag's data-… as attributes.
{
  const tag = document.currentScript;
  const own = tag instanceof HTMLScriptElement ? tag.src : document.baseURI;
  const given = tag instanceof HTMLScriptElement ? { ...tag.dataset } : {};
  // `data-token-url` is `tokenUrl` in a dataset.
  const withDashes = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const load = async () => {
    // By its whole address: a script of another origin has none of its own to be relative to.
    const { defineAvatarChat, ELEMENT_NAME } = (await import(
      new URL('./embed/avatar-chat.js', own).href
    )) as typeof import('./embed/avatar-chat.js');
    defineAvatarChat();
    if (document.querySelector(ELEMENT_NAME) !== null) return;
    const element = document.createElement(ELEMENT_NAME);
    for (const [name, value] of Object.entries(given)) element.setAttribute(withDashes(name), value ?? '');
    document.body.append(element);
  };
  const complain = (error: unknown) => reportError(error);
  if (document.readyState === 'loading') {
    document.addEventListener('DOMContentLoaded', () => void load().catch(complain));
  } else {
    load().catch(complain);
  }
}
