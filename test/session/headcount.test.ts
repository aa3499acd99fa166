import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Headcount } from '../../src/session/headcount.ts';

function visitor(origin: string | undefined, address: string) {
  return { requestId: 'r', origin, address };
}

/** Enters, and fails where there is no room. */
function entered(result: ReturnType<Headcount['enter']>): () => void {
  if (typeof result === 'string') return assert.fail(result);
  return result;
}

test('each limit names itself, and room that was left is room again', () => {
  const house = new Headcount({ all: 3, perOrigin: 2, perAddress: 2 });
  const leave = entered(house.enter(visitor('https://a.example', '10.0.0.1')));
  entered(house.enter(visitor('https://b.example', '10.0.0.1')));
  assert.equal(house.enter(visitor('https://c.example', '10.0.0.1')), 'too_many_of_address');
  entered(house.enter(visitor('https://a.example', '10.0.0.2')));
  assert.equal(house.enter(visitor('https://a.example', '10.0.0.3')), 'too_many_sessions');
  leave();
  assert.ok(!house.full);
  entered(house.enter(visitor('https://a.example', '10.0.0.3')));
  assert.equal(house.full, true);
});

test('one origin too many is refused while others still come', () => {
  const house = new Headcount({ all: 10, perOrigin: 1 });
  entered(house.enter(visitor('https://a.example', '10.0.0.1')));
  assert.equal(house.enter(visitor('https://a.example', '10.0.0.2')), 'too_many_of_origin');
  entered(house.enter(visitor('https://a.example:444', '10.0.0.2')));
  entered(house.enter(visitor(undefined, '10.0.0.2')));
  entered(house.enter(visitor(undefined, '10.0.0.2')));
});

test('a /64 of IPv6 is one address, and an IPv4 address is itself in both spellings', () => {
  const house = new Headcount({ all: 10, perAddress: 1 });
  entered(house.enter(visitor(undefined, '2001:db8::1')));
  assert.equal(house.enter(visitor(undefined, '2001:db8:0:0:ffff::2')), 'too_many_of_address');
  entered(house.enter(visitor(undefined, '2001:db8:0:1::1')));
  entered(house.enter(visitor(undefined, '192.0.2.1')));
  assert.equal(house.enter(visitor(undefined, '::ffff:192.0.2.1')), 'too_many_of_address');
});

test('leaving twice is leaving once', () => {
  const house = new Headcount({ all: 2 });
  const leave = entered(house.enter(visitor('https://a.example', '10.0.0.1')));
  entered(house.enter(visitor('https://a.example', '10.0.0.1')));
  leave();
  leave();
  assert.equal(house.all, 1);
});

test('whoever comes and goes in whatever order: the counts are exact, and nothing is left of those who went', () => {
  const coming = fc.record({
    origin: fc.constantFrom('https://a', 'https://b', undefined),
    address: fc.constantFrom('10.0.0.1', '10.0.0.2', '2001:db8::1', 'nonsense'),
  });
  fc.assert(
    fc.property(fc.array(fc.oneof(coming, fc.nat(20)), { maxLength: 80 }), (happenings) => {
      const house = new Headcount({ all: 12, perOrigin: 5, perAddress: 4 });
      const inside: (() => void)[] = [];
      for (const happening of happenings) {
        if (typeof happening === 'number') {
          const [leave] = inside.splice(happening, 1);
          leave?.();
        } else {
          const result = house.enter(visitor(happening.origin, happening.address));
          if (typeof result !== 'string') inside.push(result);
        }
        assert.equal(house.all, inside.length);
      }
      for (const leave of inside) leave();
      assert.equal(house.all + house.keys, 0);
    }),
  );
});
