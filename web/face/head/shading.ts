/**
 * Soft, warm light as in an illustration: shadows are tinted instead of grey, edges catch the light from behind.
 * Lit at the vertices, which are many, and not at the pixels, which are more: half the work where no GPU helps.
 */
export const VERTEX_SHADER = `
attribute vec3 tint;
attribute vec2 finish;
uniform vec3 shade;
uniform vec3 rim;
uniform vec3 glow;
varying vec3 vColour;
#ifdef PAINTED
varying vec3 vShine;
varying vec2 vPaint;
#endif

const vec3 KEY = vec3(-0.42, 0.56, 0.71);
const vec3 BACK = vec3(0.74, 0.25, -0.62);

void main() {
  vec4 place = modelViewMatrix * vec4(position, 1.0);
  vec3 turned = normalize(normalMatrix * normal);
  vec3 toEye = normalize(-place.xyz);
  float gloss = finish.x;
  float reached = finish.y;

  float lit = smoothstep(-0.25, 0.9, dot(turned, KEY)) * reached;
  vColour = tint * mix(shade, glow, lit);

  float edge = 1.0 - max(dot(turned, toEye), 0.0);
  float back = smoothstep(-0.1, 0.8, dot(turned, BACK)) * edge * edge;
  float mirror = max(dot(turned, normalize(KEY + toEye)), 0.0);
  vec3 shine = rim * back * reached * max(0.0, 0.75 - 2.0 * gloss)
    + gloss * (0.32 * pow(mirror, 20.0) + 0.06 * smoothstep(0.5, 1.0, mirror));

#ifdef PAINTED
  vShine = shine;
  vPaint = uv;
#else
  vColour += shine;
#endif
  gl_Position = projectionMatrix * place;
}`;

/**
 * PAINTED: what the paint lies on. Without, it only passes a colour on, which is what most pixels cost least by.
 * FRAMED: it ends at a circle, whose middle and radius `frame` is, in pixels.
 */
export const FRAGMENT_SHADER = `
precision mediump float;
varying vec3 vColour;
#ifdef PAINTED
uniform sampler2D paint;
varying vec3 vShine;
varying vec2 vPaint;
#endif
#ifdef FRAMED
uniform highp vec3 frame;
#endif

void main() {
  vec3 colour = vColour;
#ifdef PAINTED
  colour = colour * texture2D(paint, vPaint).rgb + vShine;
#endif
#ifdef FRAMED
  float inside = clamp(0.5 + frame.z - distance(gl_FragCoord.xy, frame.xy), 0.0, 1.0);
  gl_FragColor = vec4(colour * inside, inside);
#else
  gl_FragColor = vec4(colour, 1.0);
#endif
}`;
