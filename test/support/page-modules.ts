import { registerHooks } from 'node:module';

/** Lets Node load the page's modules: they name each other as the browser asks for them, with `.js`. */
registerHooks({
  resolve(specifier, context, next) {
    const fromPage = context.parentURL?.includes('/web/') && specifier.startsWith('.');
    return next(fromPage ? specifier.replace(/\.js$/, '.ts') : specifier, context);
  },
});
