import { registerHooks } from 'node:module';

/**
 * Lets Node load the page's modules: they name each other as the browser asks for them, with `.js`, and the client library
 * as if it lay in their folder.
 */
registerHooks({
  resolve(specifier, context, next) {
    const { parentURL = '' } = context;
    if (!parentURL.includes('/web/') || !specifier.startsWith('.')) return next(specifier, context);
    const { href } = new URL(specifier.replace(/\.js$/, '.ts'), parentURL);
    return next(href.replace('/web/client/src/', '/client/src/'), context);
  },
});
