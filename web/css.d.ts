/** A style file as text: the bundler (src/http/page/bundle.ts) puts it into the script that imports it. */
declare module '*.css' {
  const text: string;
  // biome-ignore lint/style/noDefaultExport: that is how a bundler gives it.
  export default text;
}
