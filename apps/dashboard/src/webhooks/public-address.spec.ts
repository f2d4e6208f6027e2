import { describe, expect, test } from 'vitest';
import { isPublicAddress, lookupPublic, refusalOfLiteral } from './public-address.ts';

describe('addresses', () => {
  test.each([
    '127.0.0.1',
    '127.1.2.3',
    '0.0.0.0',
    '10.0.0.1',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '198.18.0.1',
    '::',
    '::1',
    'fe80::1',
    'fc00::1',
    'fd00:ec2::254',
    'ff02::1',
    '::ffff:127.0.0.1',
    '::ffff:a9fe:a9fe',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    'not an address',
  ])('%s is not of the open internet', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  test.each(['1.1.1.1', '93.184.215.14', '2606:4700:4700::1111', '::ffff:1.1.1.1'])('%s is', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  test('a host that is written as a private address is refused without a look-up', () => {
    expect(refusalOfLiteral('[::1]')?.message).toContain('WEBHOOK_PRIVATE_HOSTS');
    expect(refusalOfLiteral('127.0.0.1')).not.toBeNull();
    expect(refusalOfLiteral('1.1.1.1')).toBeNull();
    expect(refusalOfLiteral('example.com')).toBeNull();
  });

  test('a name that leads to this machine is refused', async () => {
    const error = await new Promise((resolve) => lookupPublic('localhost', {}, resolve));
    expect(String(error)).toContain('not on the open internet');
  });
});
