/** One field of a protocol buffers message, encoded; a message is a list of them. */
export type Field = Uint8Array;

const VARINT = 0;
const LENGTH_DELIMITED = 2;
const FIXED_32 = 5;

/** An int64, uint64, int32 or enum. Negative values take ten bytes, as the format wants it. */
export function integer(field: number, value: number): Field {
  return Buffer.concat([tag(field, VARINT), varint(value)]);
}

/** A 32-bit float. */
export function float(field: number, value: number): Field {
  const bits = Buffer.alloc(4);
  bits.writeFloatLE(value);
  return Buffer.concat([tag(field, FIXED_32), bits]);
}

/** A string, as UTF-8. */
export function text(field: number, value: string): Field {
  return bytes(field, Buffer.from(value));
}

/** Bytes as they are. */
export function bytes(field: number, value: Uint8Array): Field {
  return Buffer.concat([tag(field, LENGTH_DELIMITED), varint(value.length), value]);
}

/** A message inside a message. */
export function message(field: number, fields: readonly Field[]): Field {
  return bytes(field, encode(fields));
}

/** The whole of a message. */
export function encode(fields: readonly Field[]): Uint8Array {
  return Buffer.concat(fields);
}

function tag(field: number, wireType: number): Uint8Array {
  return varint(field * 8 + wireType);
}

function varint(value: number): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value));
  const septets: number[] = [];
  while (rest > 127n) {
    septets.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  septets.push(Number(rest));
  return Uint8Array.from(septets);
}
