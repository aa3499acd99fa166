import { registerHooks } from 'node:module';

/** Lets Node load the page's modules: they name each other as the browser asks for them, with `.js`, and so the client's. */
registerHooks({
  resolve(specifier, context, next) {
    const { parentURL } = context;
    if (parentURL === undefined || !parentURL.includes('/web/') || !specifier.startsWith('.')) {
      return next(specifier, context);
    }
    const script = new URL(specifier, parentURL).href.replace('/web/client/', '/client/');
    return next(script.replace(/\.js$/, '.ts'), context);
  },
});
