import type { Blendshape } from '../wire/blendshapes.ts';
import { findShapes } from './shape-names.ts';
import type { Wearer } from './wearer.ts';

export { type Expression, type Wearer, wear } from './wearer.ts';

/** The part of a three.js `Mesh` that is used. */
export interface MorphTargetMesh {
  readonly morphTargetDictionary?: Readonly<Record<string, number>> | undefined;
  readonly morphTargetInfluences?: number[] | undefined;
}

/** The part of a three.js `Object3D` that is used. */
export interface Scene {
  traverse(callback: (object: object) => void): void;
}

/** Drives ARKit morph targets of all meshes of a three.js scene (a loaded glTF, say); other morph targets stay as they are. */
export function threeMorphTargets(scene: Scene): Wearer {
  const targets: { readonly influences: number[]; readonly index: number; readonly shape: Blendshape }[] = [];
  scene.traverse((object) => {
    const { morphTargetDictionary: indexes, morphTargetInfluences: influences } = object as MorphTargetMesh;
    if (indexes === undefined || influences === undefined) return;
    for (const [shape, name] of findShapes(Object.keys(indexes))) {
      const index = indexes[name];
      if (index !== undefined) targets.push({ influences, index, shape });
    }
  });
  return ({ weights }) => {
    for (const { influences, index, shape } of targets) influences[index] = weights[shape] ?? 0;
  };
}
