import { BLENDSHAPES, type Blendshape } from '../wire/blendshapes.ts';
import type { Wearer } from './wearer.ts';

export { type Expression, type Wearer, wear } from './wearer.ts';

/** The part of a `TalkingHead` (1.4 and later) that is used: `mtAvatar`, its documented way in for values in real time. */
export interface TalkingHeadAvatar {
  readonly mtAvatar: Readonly<Record<string, { realtime: number | null; needsUpdate: boolean }>>;
}

/** Left to TalkingHead: it blinks and looks about by itself, and does it well. */
const ITS_OWN = /^eye(Blink|Look)/;

/**
 * Drives a TalkingHead's ARKit morph targets, over its own animations; sound stays with this library, which is exact
 * about it (do not use `streamAudio`).
 *
 * @param head after `showAvatar()` has resolved.
 * @returns the wearer, and `release`, which gives the face back to TalkingHead (between turns, for its moods).
 */
export function talkingHead(head: TalkingHeadAvatar): { readonly wearer: Wearer; release(): void } {
  const shapes = BLENDSHAPES.filter((name) => !ITS_OWN.test(name) && Object.hasOwn(head.mtAvatar, name));
  const set = (name: Blendshape, value: number | null) => {
    const target = head.mtAvatar[name];
    if (target !== undefined) Object.assign(target, { realtime: value, needsUpdate: true });
  };
  return {
    wearer: ({ weights }) => {
      for (const name of shapes) set(name, weights[name] ?? 0);
    },
    release: () => {
      for (const name of shapes) set(name, null);
    },
  };
}
