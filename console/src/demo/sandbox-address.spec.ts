import { describe, expect, it } from 'vitest';
import { unreadOf, webAddress } from './sandbox-address.js';

describe('webAddress', () => {
  it('takes web addresses only', () => {
    expect(webAddress('http://127.0.0.1:3100/')).toBe('http://127.0.0.1:3100');
    expect(webAddress('javascript:alert(1)')).toBeUndefined();
    expect(webAddress('not an address')).toBeUndefined();
    expect(webAddress(null)).toBeUndefined();
  });
});

describe('unreadOf', () => {
  it('reads the count of the sandbox and nothing else', () => {
    expect(unreadOf({ type: 'lianke-sandbox', unread: 1, total: 4 })).toBe(4);
    expect(unreadOf({ type: 'other', total: 4 })).toBeUndefined();
    expect(unreadOf({ type: 'lianke-sandbox', total: '4' })).toBeUndefined();
    expect(unreadOf('lianke-sandbox')).toBeUndefined();
  });
});
