/** What can be wrong with what a server sends. None of it is an exception: it is counted, told, and survived. */
export type FaultKind =
  /** A binary frame, or text over 2 MiB. */
  | 'not_text'
  | 'not_json'
  /** Not an object with a `type`. */
  | 'not_a_message'
  | 'unknown_type'
  /** A field is missing or of the wrong kind; the message is dropped. */
  | 'bad_field'
  /** A weight is no number; it counts as 0. */
  | 'bad_weights'
  /** Sound is no base64 (dropped) or has an odd byte (cut off). */
  | 'bad_sound'
  /** It belongs to a turn that is over, or was never begun; dropped. */
  | 'wrong_turn'
  /** A turn begins that began before; dropped. */
  | 'turn_twice'
  /** A frame came before, or after its place was given up; dropped. */
  | 'frame_twice'
  /** Frames never came; silence stands in for them. */
  | 'frame_missing'
  /** More sound than can be held; dropped. */
  | 'overflow'
  /** A turn that stopped without an end; ended here. */
  | 'no_end';

/** Something a server sent that it should not have. */
export interface Fault {
  readonly kind: FaultKind;
  /** For a developer. */
  readonly detail: string;
  /** How many of this kind there were, this one included. */
  readonly count: number;
}

/** Tells a fault. */
export type TellFault = (kind: FaultKind, detail: string) => void;
