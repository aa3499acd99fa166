/** What a page may load and do, by directive of the content security policy. */
type Policy = Readonly<Record<string, readonly string[]>>;

/** Where the vendor's widget comes from, and everything it loads besides. */
export const WIDGET_SCRIPT = 'https://cdn.jsdelivr.net/npm/@myned-ai/avatar-chat-widget';

/** Of both: scripts and styles are files of this server, none stands in the HTML; they talk to this server alone. */
const OWN: Policy = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  'img-src': ["'self'", 'data:', 'blob:'],
  'media-src': ["'self'", 'blob:'],
  'connect-src': ["'self'"],
  'base-uri': ["'none'"],
  'form-action': ["'self'"],
  'frame-ancestors': ["'self'"],
};

/** The page's: besides, nothing in it makes markup of text, so that what a model says can never become part of it. */
const PAGE: Policy = {
  ...OWN,
  'require-trusted-types-for': ["'script'"],
  'trusted-types': ["'none'"],
};

/**
 * The page of the vendor's widget: besides, it may load that one package from its CDN, and do what the widget does: write
 * styles into its shadow root, sort its splats in a worker made of text, with WebAssembly, and read the avatar that it has unpacked.
 */
const WIDGET: Policy = {
  ...OWN,
  'script-src': ["'self'", WIDGET_SCRIPT, `${WIDGET_SCRIPT}/`, "'wasm-unsafe-eval'"],
  'worker-src': ['blob:'],
  'style-src': ["'self'", "'unsafe-inline'"],
  'img-src': ["'self'", 'data:', 'blob:', `${WIDGET_SCRIPT}/`],
  'connect-src': ["'self'", 'data:', 'blob:', `${WIDGET_SCRIPT}/`],
};

/** What each HTML file of the page may do; what is not listed may do what the server's answers may. */
export const POLICIES: Readonly<Record<string, string>> = {
  'index.html': written(PAGE),
  'widget.html': written(WIDGET),
};

/** Of the device, a page may use what a conversation needs; pages of others within it nothing. */
export const PERMISSIONS =
  'microphone=(self), camera=(self), autoplay=(self), display-capture=(), geolocation=(), midi=(), payment=(), usb=()';

function written(policy: Policy): string {
  return Object.entries(policy)
    .map(([directive, sources]) => [directive, ...sources].join(' '))
    .join('; ');
}
