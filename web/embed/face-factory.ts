// The one place that names the face which the embedded avatar wears.
export { createSimpleFace as createFace, type EmbeddedFace } from './simple-face.js';
