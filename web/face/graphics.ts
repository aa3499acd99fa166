/** What draws WebGL: a graphics card, or the processor in its place. */
export type Graphics = 'gpu' | 'software';

/** What draws WebGL in this browser; undefined: nothing does. On the processor, smooth edges cost as much as all the rest. */
export function findGraphics(): Graphics | undefined {
  const context = document.createElement('canvas').getContext('webgl2');
  if (context === null) return undefined;
  const names = context.getExtension('WEBGL_debug_renderer_info');
  const renderer: unknown = context.getParameter(names?.UNMASKED_RENDERER_WEBGL ?? context.RENDERER);
  context.getExtension('WEBGL_lose_context')?.loseContext(); // browsers have few of them
  return /swiftshader|llvmpipe|software|basic render/i.test(String(renderer)) ? 'software' : 'gpu';
}
