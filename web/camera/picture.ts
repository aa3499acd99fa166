/** A picture's longer side (pixels): enough for an agent to read a page that is held up. */
const LONGER_SIDE_PX = 768;

/** The server takes no larger ones (src/protocol/images.ts). */
const MAX_BYTES = 700 * 1024;

/** Tried one after the other until the picture is small enough. */
const QUALITIES = [0.8, 0.6, 0.4];

/** A picture as it is sent, and the same to look at. */
export interface Picture {
  readonly jpeg: Blob;
  readonly image: HTMLImageElement;
}

/**
 * What a video shows now, as a JPEG; undefined if it shows nothing yet, or nothing that is small enough.
 *
 * @param alt says what it is to those who do not see it.
 */
export async function takePicture(video: HTMLVideoElement, alt: string): Promise<Picture | undefined> {
  const { videoWidth, videoHeight } = video;
  const canvas = document.createElement('canvas');
  const drawing = canvas.getContext('2d');
  if (videoWidth === 0 || videoHeight === 0 || drawing === null) return undefined;
  const scale = Math.min(1, LONGER_SIDE_PX / Math.max(videoWidth, videoHeight));
  canvas.width = Math.max(1, Math.round(videoWidth * scale));
  canvas.height = Math.max(1, Math.round(videoHeight * scale));
  drawing.drawImage(video, 0, 0, canvas.width, canvas.height);
  for (const quality of QUALITIES) {
    const jpeg = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality));
    if (jpeg === null || jpeg.size > MAX_BYTES) continue;
    const image = new Image(canvas.width, canvas.height);
    image.alt = alt;
    image.src = await dataUrl(jpeg); // the page's policy allows no blob: pictures
    return { jpeg, image };
  }
  return undefined;
}

function dataUrl(blob: Blob): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const reader = new FileReader();
  reader.addEventListener('load', () => resolve(String(reader.result)));
  reader.addEventListener('error', () => reject(reader.error ?? new Error('the picture cannot be read')));
  reader.readAsDataURL(blob);
  return promise;
}
