import { describe, expect, it } from 'vitest';
import { fromTyped, partsOf, toTyped } from './comment-text.js';

const fang = '01890000-0000-7000-8000-000000000001';
const fangfang = '01890000-0000-7000-8000-000000000002';
const members = [
  { id: fang, name: '王芳' },
  { id: fangfang, name: '王芳芳' },
];

describe('mentions in comments', () => {
  it('are stored by id, the longer of two names that begin alike first', () => {
    expect(fromTyped('@王芳芳 和@王芳，请看', members)).toBe(`@[${fangfang}] 和@[${fang}]，请看`);
    expect(fromTyped('发到 a@b.com，@没有这人', members)).toBe('发到 a@b.com，@没有这人');
  });

  it('are typed again by name, and unknown ones stay as they are', () => {
    const stored = `@[${fang}] 请看`;
    expect(toTyped(stored, (id) => members.find((member) => member.id === id)?.name)).toBe('@王芳 请看');
    expect(toTyped(stored, () => undefined)).toBe(stored);
  });

  it('are shown as parts of the text', () => {
    expect(partsOf(`好，@[${fang}] 请看`, [{ id: fang, label: '王芳' }])).toEqual([
      { text: '好，', mention: false },
      { text: '@王芳', mention: true },
      { text: ' 请看', mention: false },
    ]);
  });
});
