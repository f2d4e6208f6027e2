import { describe, expect, it } from 'vitest';
import { readJoinAddress } from './join-address.ts';

describe('readJoinAddress', () => {
  it('prefills what the address says', () => {
    expect(readJoinAddress('?call=shop-17&name=Mara%20L&role=customer')).toEqual({
      callId: 'shop-17',
      name: 'Mara L',
      role: 'customer',
      consent: null,
      autojoin: false,
      raw: false,
    });
  });

  it('never makes the consent choice itself', () => {
    expect(readJoinAddress('').consent).toBeNull();
    expect(readJoinAddress('?consent=yes').consent).toBeNull();
    expect(readJoinAddress('?consent=withdrawn').consent).toBeNull();
  });

  it('joins by itself only with a call, a name and an explicit consent choice', () => {
    expect(readJoinAddress('?call=a&name=b&autojoin').autojoin).toBe(false);
    expect(readJoinAddress('?call=a&consent=granted&autojoin').autojoin).toBe(false);
    expect(readJoinAddress('?name=b&consent=granted&autojoin').autojoin).toBe(false);
    expect(readJoinAddress('?call=a&name=b&consent=granted').autojoin).toBe(false);
    expect(readJoinAddress('?call=a&name=b&consent=granted&autojoin').autojoin).toBe(true);
    expect(readJoinAddress('?call=a&name=b&consent=denied&autojoin').autojoin).toBe(true);
  });

  it('takes a role that nobody can choose for a participant', () => {
    expect(readJoinAddress('?role=unknown').role).toBe('participant');
    expect(readJoinAddress('?role=toString').role).toBe('participant');
  });
});
