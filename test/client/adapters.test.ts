import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { VRMExpression, VRMExpressionManager, VRMExpressionMorphTargetBind } from '@pixiv/three-vrm';
import * as three from 'three';
import { weightsCallback } from '../../client/src/adapters/callback.ts';
import { findShapes } from '../../client/src/adapters/shape-names.ts';
import { talkingHead } from '../../client/src/adapters/talkinghead.ts';
import { threeMorphTargets } from '../../client/src/adapters/three.ts';
import { vrmExpressions } from '../../client/src/adapters/vrm.ts';
import { wear } from '../../client/src/adapters/wearer.ts';
import { BLENDSHAPES, REST } from '../../client/src/index.ts';

/** A head of one triangle with these morph targets. */
function head(names: readonly string[]): three.Mesh {
  const geometry = new three.BufferGeometry();
  geometry.setAttribute('position', new three.Float32BufferAttribute(new Float32Array(9), 3));
  geometry.morphAttributes['position'] = names.map((name) => {
    const shape = new three.Float32BufferAttribute(new Float32Array(9), 3);
    shape.name = name;
    return shape;
  });
  return new three.Mesh(geometry);
}

describe('the three.js adapter', () => {
  it('moves the morph targets of all meshes, under the names models really use, and no others', () => {
    const scene = new three.Group();
    const [face, teeth] = [head(['jawOpen', 'mouthSmile_L', 'fancyHat']), head(['blendShape1.jawOpen'])];
    scene.add(face, new three.Group().add(teeth));
    if (face.morphTargetInfluences !== undefined) face.morphTargetInfluences[2] = 0.9;
    threeMorphTargets(scene)({ weights: { jawOpen: 0.5, mouthSmileLeft: 0.25 }, visemes: undefined });
    assert.deepEqual(face.morphTargetInfluences, [0.5, 0.25, 0.9]);
    assert.deepEqual(teeth.morphTargetInfluences, [0.5]);
    threeMorphTargets(scene)({ weights: {}, visemes: undefined });
    assert.deepEqual(face.morphTargetInfluences, [0, 0, 0.9]);
  });
});

describe('the VRM adapter', () => {
  /** A VRM's expressions, each bound to a morph target of its own. */
  function vrm(names: readonly string[]) {
    const mesh = head(names);
    const manager = new VRMExpressionManager();
    names.forEach((name, index) => {
      const expression = new VRMExpression(name);
      expression.addBind(new VRMExpressionMorphTargetBind({ primitives: [mesh], index, weight: 1 }));
      manager.registerExpression(expression);
    });
    const shown = () => {
      manager.update();
      return Object.fromEntries(names.map((name, index) => [name, mesh.morphTargetInfluences?.[index] ?? 0]));
    };
    return { manager, shown };
  }
  const PRESETS = ['aa', 'ih', 'ou', 'ee', 'oh', 'blinkLeft', 'blinkRight', 'happy', 'lookUp'];
  const pascal = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);

  it('wears the weights as they are where the model has ARKit expressions', () => {
    const { manager, shown } = vrm([...PRESETS, ...BLENDSHAPES.map(pascal)]);
    vrmExpressions(manager)({ weights: { jawOpen: 0.5, mouthFunnel: 0.25 }, visemes: undefined });
    const { JawOpen, MouthFunnel, MouthPucker, aa } = shown();
    assert.deepEqual([JawOpen, MouthFunnel, MouthPucker, aa], [0.5, 0.25, 0, 0]);
  });

  it('shows vowels by jaw and lips where it has only the presets', () => {
    const { manager, shown } = vrm(PRESETS);
    const wearer = vrmExpressions(manager);
    const largest = (weights: Parameters<typeof wearer>[0]['weights']) => {
      wearer({ weights, visemes: undefined });
      const mouth = Object.entries(shown()).filter(([name]) => ['aa', 'ih', 'ou', 'ee', 'oh'].includes(name));
      return mouth.toSorted(([, a], [, b]) => b - a)[0]?.[0];
    };
    assert.equal(largest({ jawOpen: 0.3 }), 'aa');
    assert.equal(largest({ jawOpen: 0.25, mouthFunnel: 0.4 }), 'oh');
    assert.equal(largest({ mouthPucker: 0.5, jawOpen: 0.03 }), 'ou');
    wearer({ weights: { jawOpen: 0.3, mouthClose: 1, eyeBlinkLeft: 0.7 }, visemes: undefined });
    assert.equal(shown()['aa'], 0, 'closed lips');
    assert.equal(shown()['blinkLeft'], 0.7);
  });

  it('prefers the visemes where the server sends them', () => {
    const { manager, shown } = vrm(PRESETS);
    vrmExpressions(manager)({ weights: { jawOpen: 1 }, visemes: { O: 0.8, sil: 0.2 } });
    assert.deepEqual([shown()['oh'], shown()['aa']], [0.8, 0]);
  });
});

describe('the TalkingHead adapter', () => {
  it('sets values in real time, leaves the eyes alone, and gives the face back', () => {
    const target = () => ({ realtime: null as number | null, needsUpdate: false, fixed: null });
    const mtAvatar = {
      jawOpen: target(),
      eyeBlinkLeft: target(),
      mouthFunnel: target(),
      viseme_aa: target(),
    };
    const { wearer, release } = talkingHead({ mtAvatar });
    wearer({ weights: { jawOpen: 0.4, eyeBlinkLeft: 1 }, visemes: undefined });
    assert.deepEqual(mtAvatar.jawOpen, { realtime: 0.4, needsUpdate: true, fixed: null });
    assert.equal(mtAvatar.mouthFunnel.realtime, 0);
    assert.equal(mtAvatar.eyeBlinkLeft.realtime, null);
    release();
    assert.equal(mtAvatar.jawOpen.realtime, null);
    assert.equal(mtAvatar.viseme_aa.needsUpdate, false);
  });
});

describe('the real TalkingHead', () => {
  it('shows what the adapter sets, and its own face again when that is released', async () => {
    const module: string = '@met4citizen/talkinghead'; // it has no types
    const { TalkingHead } = (await import(module)) as {
      TalkingHead: { prototype: { updateMorphTargets(this: object, stepMs: number): void } };
    };
    const influences = [0, 0];
    /** As `showAvatar` makes them for a model's morph targets. */
    const target = (index: number) => ({
      ...{
        fixed: null,
        realtime: null as number | null,
        system: null,
        systemd: null,
        newvalue: null,
        ref: null,
        base: null,
      },
      ...{
        min: 0,
        max: 1,
        v: 0,
        acc: 0.01,
        maxv: 0.005,
        limit: null,
        onchange: null,
        baseline: 0,
        value: 0,
        applied: 0,
      },
      ...{ needsUpdate: true, ms: [influences], is: [index] },
    });
    const head = { mtAvatar: { jawOpen: target(0), mouthFunnel: target(1) } };
    const show = () => TalkingHead.prototype.updateMorphTargets.call(head, 33);
    const { wearer, release } = talkingHead(head);
    wearer({ weights: { jawOpen: 0.4, mouthFunnel: 0.3 }, visemes: undefined });
    show();
    assert.deepEqual(influences, [0.4, 0.3]);
    release();
    for (let step = 0; step < 100; step += 1) show();
    assert.ok(
      influences.every((influence) => influence < 0.01),
      String(influences),
    );
  });
});

describe('any renderer', () => {
  it('wears what is heard, and the face at rest in silence', () => {
    const worn: unknown[] = [];
    const heard = { turnId: 'a', offsetMs: 1, weights: { jawOpen: 1 }, visemes: undefined };
    let now: typeof heard | undefined = heard;
    const render = wear({ heard: () => now }, ({ weights }) => worn.push(weights));
    assert.equal(render(), true);
    now = undefined;
    assert.equal(render(), false);
    assert.deepEqual(worn, [{ jawOpen: 1 }, REST]);
  });

  it('is called back for what has changed only', () => {
    const calls: [string, number][] = [];
    const wearer = weightsCallback((name, weight) => calls.push([name, weight]));
    for (const jawOpen of [0.5, 0.5, 0.7]) wearer({ weights: { jawOpen, cheekPuff: 0 }, visemes: undefined });
    wearer({ weights: {}, visemes: undefined });
    assert.deepEqual(calls, [
      ['jawOpen', 0.5],
      ['jawOpen', 0.7],
      ['jawOpen', 0],
    ]);
  });

  it('finds the 52 shapes under other spellings', () => {
    const spellings = ['JawOpen', 'mouth_smile_left', 'Face.browDown_R', 'eyeBlinkLeft', 'tongueOut', 'Hat'];
    assert.deepEqual(
      [...findShapes(spellings).keys()],
      ['jawOpen', 'mouthSmileLeft', 'browDownRight', 'eyeBlinkLeft', 'tongueOut'],
    );
  });
});
