// The one place that names the face which the embedded avatar wears, and the style files it needs in its shadow root.
export { createSimpleFace as createFace } from './simple-face.js';
export const FACE_STYLES: readonly URL[] = [];
