import { renderToString } from 'react-dom/server';
import { expect, it } from 'vitest';
import { Avatar } from './person.js';

const drawn = (name: string) => renderToString(<Avatar name={name} />);

it('whose name WeCom withholds has a figure for a mark (it was a letter of his id)', () => {
  const figure = drawn('成员 3f9a2c');
  expect(figure).toContain('anticon-user');
  expect(figure.replace(/<[^>]+>/g, '')).toBe('');
  expect(figure).toContain('--tint-gray');
});

it('a name is marked by its last character, one that is not Chinese by its first', () => {
  expect(drawn('王芳')).toContain('>芳<');
  expect(drawn('anna')).toContain('>A<');
  expect(drawn('成员')).toContain('>员<');
});
