/** What the avatar does by itself, whatever it says. Angles are in degrees, the rest in -1..1 or 0..1. */
export interface Motion {
  /** How far the lids are closed, 0..1. */
  readonly lids: number;
  /** Where it looks: right and down as the visitor sees it. */
  readonly gazeX: number;
  readonly gazeY: number;
  /** How the head is turned, right and down as the visitor sees it. */
  readonly yaw: number;
  readonly pitch: number;
  readonly rollDegrees: number;
  /** The chest, -1..1. */
  readonly breath: number;
}
