import { expect, it } from 'vitest';
import { newRecordId } from './new-id.js';

// Time stamp of RFC 9562 appendix A.6: 2022-02-22T19:22:22Z is 0x017F22E279B0 ms.
it('is a version 7 UUID of the given time', () => {
  const random = new Uint8Array([0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f]);
  expect(newRecordId(0x017f22e279b0, random)).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f');
});

it('differs each time', () => {
  expect(newRecordId()).not.toBe(newRecordId());
});
