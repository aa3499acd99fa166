import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytes, encode, float, integer, message, text } from '../../../src/testing/onnx/protobuf.ts';

function hex(encoded: Uint8Array): string {
  return Buffer.from(encoded).toString('hex');
}

test('integers, texts and messages are encoded as in the format’s own examples', () => {
  assert.equal(hex(integer(1, 150)), '089601');
  assert.equal(hex(text(2, 'testing')), '120774657374696e67');
  assert.equal(hex(message(3, [integer(1, 150)])), '1a03089601');
});

test('a negative integer takes ten bytes', () => {
  assert.equal(hex(integer(1, -1)), '08ffffffffffffffffff01');
});

test('a field number above 15 takes two bytes', () => {
  assert.equal(hex(integer(20, 1)), 'a00101');
});

test('an integer beyond 32 bits is whole', () => {
  assert.equal(hex(integer(1, 2 ** 40)), '08808080808020');
});

test('floats are four bytes, the low one first', () => {
  assert.equal(hex(float(2, 1)), '150000803f');
});

test('an empty text and empty bytes are still there', () => {
  assert.equal(hex(encode([text(1, ''), bytes(9, new Uint8Array())])), '0a004a00');
});
