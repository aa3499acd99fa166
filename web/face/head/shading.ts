/** Soft, warm light as in an illustration: shadows are tinted instead of grey, edges catch the light from behind. */
export const VERTEX_SHADER = `
attribute vec3 tint;
attribute vec2 finish;
varying vec3 vTint;
varying vec2 vFinish;
varying vec2 vPaint;
varying vec3 vNormal;
varying vec3 vToEye;

void main() {
  vec4 place = modelViewMatrix * vec4(position, 1.0);
  vTint = tint;
  vFinish = finish;
  vPaint = uv;
  vNormal = normalMatrix * normal;
  vToEye = -place.xyz;
  gl_Position = projectionMatrix * place;
}`;

export const FRAGMENT_SHADER = `
precision mediump float;
uniform sampler2D paint;
uniform vec3 shade;
uniform vec3 rim;
uniform vec3 glow;
uniform vec3 frame;
varying vec3 vTint;
varying vec2 vFinish;
varying vec2 vPaint;
varying vec3 vNormal;
varying vec3 vToEye;

const vec3 KEY = vec3(-0.42, 0.56, 0.71);
const vec3 BACK = vec3(0.74, 0.25, -0.62);

void main() {
  vec3 normal = normalize(vNormal);
  if (!gl_FrontFacing) normal = -normal;
  vec3 toEye = normalize(vToEye);
  vec3 base = vTint * texture2D(paint, vPaint).rgb;

  float lit = smoothstep(-0.25, 0.9, dot(normal, KEY)) * vFinish.y;
  vec3 colour = base * mix(shade, glow, lit);

  float edge = 1.0 - max(dot(normal, toEye), 0.0);
  float back = smoothstep(-0.1, 0.8, dot(normal, BACK)) * edge * edge;
  colour += (gl_FrontFacing ? max(0.0, 0.75 - 2.0 * vFinish.x) : 0.0) * back * vFinish.y * rim;

  float mirror = max(dot(normal, normalize(KEY + toEye)), 0.0);
  colour += vFinish.x * (0.32 * pow(mirror, 24.0) + 0.05 * smoothstep(0.5, 1.0, mirror));

  // The body ends at the frame (its middle and radius, in pixels); nothing does where the radius is 0.
  float inside = frame.z > 0.0 ? smoothstep(0.75, -0.75, distance(gl_FragCoord.xy, frame.xy) - frame.z) : 1.0;
  gl_FragColor = vec4(colour * inside, inside);
}`;
