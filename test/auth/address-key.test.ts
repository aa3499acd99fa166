import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { addressKey } from '../../src/auth/address-key.ts';

test('an IPv4 address counts by itself, also in the form of an IPv6 socket', () => {
  assert.equal(addressKey('192.0.2.7'), '192.0.2.7');
  assert.equal(addressKey('::ffff:192.0.2.7'), '192.0.2.7');
  assert.equal(addressKey('::FFFF:192.0.2.7'), '192.0.2.7');
});

test('IPv6 addresses of one subscriber count as one, however they are written', () => {
  const key = '2001:db8:0:7::/64';
  for (const address of [
    '2001:db8:0:7::1',
    '2001:db8:0:7:ffff:ffff:ffff:ffff',
    '2001:0db8:0000:0007:1:2:3:4',
    '2001:DB8:0:7::9',
    '2001:db8:0:7::192.0.2.1',
    '2001:db8:0:7::1%eth0',
  ]) {
    assert.equal(addressKey(address), key, address);
  }
  assert.notEqual(addressKey('2001:db8:0:8::1'), key);
  assert.equal(addressKey('::1'), '0:0:0:0::/64');
  assert.equal(addressKey('fe80::1%eth0'), 'fe80:0:0:0::/64');
  assert.equal(addressKey('2001:db8::'), '2001:db8:0:0::/64');
});

test('what is no address counts as one, so that junk cannot make many', () => {
  for (const junk of ['', 'unknown', '1.2.3', '1.2.3.4.5', '999.1.1.1', '2001:db8', '::g', 'a\r\nb']) {
    assert.equal(addressKey(junk), 'unknown', JSON.stringify(junk));
  }
});

test('the first four groups make the key, whatever the rest and however it is written', () => {
  const groups = (count: number) => fc.array(fc.nat({ max: 0xffff }), { minLength: count, maxLength: count });
  fc.assert(
    fc.property(groups(4), groups(4), (network, host) => {
      const hex = (group: number) => group.toString(16);
      const key = `${network.map(hex).join(':')}::/64`;
      const padded = [...network, ...host].map((group) => hex(group).padStart(4, '0')).join(':');
      assert.equal(addressKey([...network, ...host].map(hex).join(':')), key);
      assert.equal(addressKey(padded.toUpperCase()), key);
      assert.equal(addressKey(new URL(`http://[${padded}]`).hostname.slice(1, -1)), key);
    }),
  );
});
