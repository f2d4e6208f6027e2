import fc from 'fast-check';

/** One edit of some bytes: `at` and `value` are taken modulo what is there. */
const edit = fc.record({
  kind: fc.constantFrom('flip', 'flip', 'set', 'extreme', 'cut', 'grow', 'splice', 'repeat'),
  at: fc.nat(4_095),
  value: fc.nat(4_095),
});
type Edit = typeof edit extends fc.Arbitrary<infer Value> ? Value : never;

const extremes = [0x00, 0x01, 0x7f, 0x80, 0xfe, 0xff];

/**
 * Real inputs, damaged as a broken or hostile sender would: bits flipped, lengths and types put to their extremes, cut short,
 * grown, spliced with others and repeated. Fields near the start, where headers are, are hit most.
 */
export function mutated(pool: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  return fc
    .tuple(fc.nat(pool.length - 1), fc.nat(pool.length - 1), fc.array(edit, { maxLength: 6 }))
    .map(([chosen, other, edits]) =>
      edits.reduce<Uint8Array>(
        (bytes, each) => apply(bytes, each, pool[other]!),
        Uint8Array.from(pool[chosen]!),
      ),
    );
}

function apply(bytes: Uint8Array, { kind, at, value }: Edit, other: Uint8Array): Uint8Array {
  if (bytes.length === 0) return Uint8Array.from(other);
  const place = at % 3 === 0 ? at % bytes.length : at % Math.min(bytes.length, 32);
  switch (kind) {
    case 'flip':
      bytes[place]! ^= 1 << (value % 8);
      return bytes;
    case 'set':
      bytes[place] = value & 0xff;
      return bytes;
    case 'extreme':
      bytes[place] = extremes[value % extremes.length]!;
      return bytes;
    case 'cut':
      return bytes.slice(0, place);
    case 'grow':
      return Uint8Array.from([...bytes, ...new Uint8Array(value % 400).fill(at & 0xff)]);
    case 'splice':
      return Uint8Array.from([...bytes.subarray(0, place), ...other.subarray(value % (other.length + 1))]);
    case 'repeat':
      return Uint8Array.from([...bytes.subarray(0, place), ...bytes.subarray(place - (value % (place + 1)))]);
  }
}
