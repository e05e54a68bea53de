import { expect, it } from 'vitest';
import { replaceMember } from './replace-member.js';

it('names an heir who stood beside the leaver once', () => {
  expect(replaceMember({ ids: ['a', 'b'], who: { kind: 'member', id: 'a' } }, 'a', 'b')).toEqual({
    ids: ['b'],
    who: { kind: 'member', id: 'b' },
  });
});
