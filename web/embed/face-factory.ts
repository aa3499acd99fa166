// The one place that names the face which the embedded avatar wears, and the style it needs in its shadow root.
import faceStyle from '../face/face.css';

export { createFace, type Face, type Light, SHOWN_AFTER_MS } from '../face/face.js';
export const FACE_STYLE = faceStyle;
