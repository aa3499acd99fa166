import {
  BufferAttribute,
  BufferGeometry,
  CanvasTexture,
  DynamicDrawUsage,
  Group,
  LinearFilter,
  Mesh,
  PerspectiveCamera,
  Scene,
  ShaderMaterial,
  Vector3,
  WebGLRenderer,
} from '../../vendor/three.js';
import type { Graphics } from '../graphics.js';
import type { HeadModel } from './model.js';
import { updateNormals } from './normals.js';
import { paint } from './paint.js';
import { type Palette, rgb, type Theme } from './palette.js';
import { Sculpture, UNPAINTED } from './sculpture.js';
import { FRAGMENT_SHADER, VERTEX_SHADER } from './shading.js';
import { addTorso } from './torso.js';

/** How the light is: the tint of shadows, of what is lit, and of the light from behind. */
interface Light {
  readonly shade: string;
  readonly glow: string;
  readonly rim: string;
}

const LIGHTS: Readonly<Record<'light' | 'dark', Light>> = {
  light: { shade: '#dca6a2', glow: '#ffffff', rim: '#b4d8cf' },
  dark: { shade: '#a9849f', glow: '#faebe4', rim: '#8f86e6' },
};

const FIELD_OF_VIEW = 22;
const DISTANCE = 7.7;
const LOOK_AT_Y = -0.2;
/** The round window she looks out of, as shares of the picture's height: see scenery.ts. */
const FRAME = { middle: 1 - 250 / 480, radius: 220 / 480 };
/** The neck's joint, around which the head turns. */
const JOINT_Y = -0.75;

/** Draws the head with three.js, in three draw calls: what is plain of the head, what is painted, and the body. */
export class HeadView {
  readonly canvas: HTMLCanvasElement;
  readonly #renderer: WebGLRenderer;
  readonly #scene = new Scene();
  readonly #neck = new Group();
  readonly #camera = new PerspectiveCamera(FIELD_OF_VIEW, 1, 1, 20);
  readonly #head: Mesh<BufferGeometry, ShaderMaterial[]>;
  readonly #body: Mesh<BufferGeometry, ShaderMaterial>;
  readonly #position: BufferAttribute;
  readonly #normal: BufferAttribute;
  readonly #texture: CanvasTexture;
  /** So many numbers of the positions change. */
  readonly #moving: number;

  /** @throws Error where WebGL does not work. */
  constructor(model: HeadModel, palette: Palette, theme: Theme, graphics: Graphics) {
    this.#renderer = new WebGLRenderer({
      antialias: graphics === 'gpu',
      alpha: true,
      stencil: false,
      powerPreference: 'low-power',
    });
    this.canvas = this.#renderer.domElement;
    this.#texture = new CanvasTexture(paint(theme));
    this.#texture.generateMipmaps = false;
    this.#texture.minFilter = LinearFilter;
    const { sculpture } = model;
    this.#position = new BufferAttribute(model.positions, 3);
    this.#normal = new BufferAttribute(model.normals, 3);
    this.#moving = 3 * model.movingVertices;
    for (const attribute of [this.#position, this.#normal]) attribute.setUsage(DynamicDrawUsage);
    const { indices, plain } = inOrder(model);
    const head = geometryOf(sculpture, this.#position, this.#normal, indices);
    head.addGroup(0, plain, 0);
    head.addGroup(plain, indices.length - plain, 1);
    this.#head = new Mesh(head, [this.#material({}), this.#material({ PAINTED: 1 })]);
    const body = new Sculpture();
    addTorso(body, palette);
    const positions = Float32Array.from(body.positions);
    const normals = new Float32Array(positions.length);
    const bodyIndices = Uint16Array.from(body.indices);
    updateNormals(positions, bodyIndices, normals, body.vertexCount, bodyIndices.length);
    this.#body = new Mesh(
      geometryOf(body, new BufferAttribute(positions, 3), new BufferAttribute(normals, 3), bodyIndices),
      this.#material({ FRAMED: 1 }),
    );
    this.#head.frustumCulled = false;
    this.#head.position.y = -JOINT_Y;
    this.#neck.add(this.#head);
    this.#scene.add(this.#body, this.#neck);
    this.#camera.position.set(0, LOOK_AT_Y + 0.1, DISTANCE);
    this.#camera.lookAt(0, LOOK_AT_Y, 0);
  }

  get drawCalls(): number {
    return this.#renderer.info.render.calls;
  }

  setLight(name: 'light' | 'dark'): void {
    const { shade, glow, rim } = LIGHTS[name];
    for (const material of this.#materials) {
      for (const [uniform, colour] of Object.entries({ shade, glow, rim }))
        material.uniforms[uniform]?.value.set(...rgb(colour));
    }
  }

  /** Fits the picture to the size it is shown at (CSS pixels). */
  resize(width: number, height: number, pixelRatio: number): void {
    this.#renderer.setPixelRatio(pixelRatio);
    this.#renderer.setSize(width, height, false);
    this.#camera.aspect = width / height;
    this.#camera.updateProjectionMatrix();
    const pixels = pixelRatio * height;
    const frame = this.#body.material.uniforms['frame'];
    frame?.value.set((pixelRatio * width) / 2, FRAME.middle * pixels, FRAME.radius * pixels);
  }

  /** Draws. Angles in radians: to her left, down, and to her left shoulder. */
  draw(yaw: number, pitch: number, roll: number, breath: number): void {
    this.#neck.rotation.set(pitch, yaw, -roll, 'YXZ');
    this.#neck.position.y = JOINT_Y + 0.008 * breath;
    this.#body.position.y = 0.012 * breath;
    for (const attribute of [this.#position, this.#normal]) {
      attribute.addUpdateRange(0, this.#moving); // three.js forgets it with each picture
      attribute.needsUpdate = true;
    }
    this.#renderer.render(this.#scene, this.#camera);
  }

  dispose(): void {
    this.#texture.dispose();
    for (const { geometry } of [this.#head, this.#body]) geometry.dispose();
    for (const material of this.#materials) material.dispose();
    this.#renderer.dispose();
    this.canvas.remove();
  }

  get #materials(): readonly ShaderMaterial[] {
    return [...this.#head.material, this.#body.material];
  }

  #material(defines: Readonly<Record<string, number>>): ShaderMaterial {
    const vector = () => ({ value: new Vector3() });
    return new ShaderMaterial({
      vertexShader: VERTEX_SHADER,
      fragmentShader: FRAGMENT_SHADER,
      uniforms: {
        paint: { value: this.#texture },
        shade: vector(),
        glow: vector(),
        rim: vector(),
        frame: vector(),
      },
      defines,
      transparent: 'FRAMED' in defines,
      premultipliedAlpha: true,
    });
  }
}

/** The head's triangles as they are best drawn: what hides most first, and what is `plain` (so many indices) before what is painted. */
function inOrder({ indices, movingIndices, sculpture }: HeadModel): { indices: Uint16Array; plain: number } {
  const frontFirst = [...indices.subarray(movingIndices), ...indices.subarray(0, movingIndices)];
  const triangles = Array.from({ length: frontFirst.length / 3 }, (_, at) =>
    frontFirst.slice(3 * at, 3 * at + 3),
  );
  const isPlain = ([vertex = 0]: number[]) => sculpture.paints[2 * vertex] === UNPAINTED[0];
  const plain = triangles.filter(isPlain).flat();
  const painted = triangles.filter((triangle) => !isPlain(triangle)).flat();
  return { indices: Uint16Array.from([...plain, ...painted]), plain: plain.length };
}

function geometryOf(
  sculpture: Sculpture,
  position: BufferAttribute,
  normal: BufferAttribute,
  indices: Uint16Array,
): BufferGeometry {
  const geometry = new BufferGeometry();
  geometry.setAttribute('position', position);
  geometry.setAttribute('normal', normal);
  geometry.setAttribute('tint', new BufferAttribute(Float32Array.from(sculpture.colours), 3));
  geometry.setAttribute('finish', new BufferAttribute(Float32Array.from(sculpture.finishes), 2));
  geometry.setAttribute('uv', new BufferAttribute(Float32Array.from(sculpture.paints), 2));
  geometry.setIndex(new BufferAttribute(indices, 1));
  return geometry;
}
