import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A program of somebody who has installed the package: uses every way into it, with its types. */
const PROGRAM = `
import { AvatarChat, BLENDSHAPES, type ConnectionState, type HeardFrame, type Weights } from 'avatar-chat-client';
import { weightsCallback, wear } from 'avatar-chat-client/callback';
import { errorWords } from 'avatar-chat-client/error-words';
import { talkingHead } from 'avatar-chat-client/talkinghead';
import { threeMorphTargets } from 'avatar-chat-client/three';
import { vrmExpressions } from 'avatar-chat-client/vrm';

const chat = new AvatarChat({ server: 'http://localhost:9' });
const state: ConnectionState['kind'] = chat.state.kind;
chat.on('frame', ({ weights }: HeardFrame) => void (weights satisfies Weights));
// @ts-expect-error there is no such event
chat.on('nonsense', () => undefined);
const update = wear(chat.player, weightsCallback(() => undefined));
const all = [talkingHead, threeMorphTargets, vrmExpressions].every((each) => typeof each === 'function');
console.log(state, BLENDSHAPES.length, errorWords('draining') !== 'draining', update(), all);
`;

test('the package, built and installed, can be imported by every name it gives, with its types, alone', () => {
  const folder = mkdtempSync(join(tmpdir(), 'client-package-'));
  try {
    const installed = join(folder, 'node_modules/avatar-chat-client');
    execFileSync(process.execPath, ['scripts/build-client.ts', join(installed, 'dist')], {
      cwd: root,
      stdio: 'pipe',
    });
    cpSync(join(root, 'client/package.json'), join(installed, 'package.json'));
    const { exports, dependencies } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as {
      exports: Record<string, string | { types: string; default: string }>;
      dependencies?: unknown;
    };
    assert.equal(dependencies, undefined);
    for (const target of Object.values(exports)) {
      for (const file of typeof target === 'string' ? [target] : Object.values(target)) {
        assert.ok(existsSync(join(installed, file)), file);
      }
    }
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    writeFileSync(join(folder, 'program.ts'), PROGRAM);
    const compiler = join(
      dirname(createRequire(import.meta.url).resolve('typescript/package.json')),
      'bin/tsc',
    );
    const types = [
      '--strict',
      '--target',
      'es2024',
      '--lib',
      'es2024,dom',
      '--module',
      'nodenext',
      '--types',
      '',
    ];
    execFileSync(process.execPath, [compiler, ...types, '--noUncheckedSideEffectImports', 'program.ts'], {
      cwd: folder,
      encoding: 'utf8',
    });
    const said = execFileSync(process.execPath, ['program.js'], { cwd: folder, encoding: 'utf8' });
    assert.equal(said.trim(), 'closed 52 true false true');
  } catch (error) {
    const { stdout } = error as { stdout?: unknown };
    throw typeof stdout === 'string' || Buffer.isBuffer(stdout)
      ? new Error(String(stdout), { cause: error })
      : error;
  } finally {
    rmSync(folder, { recursive: true });
  }
});
