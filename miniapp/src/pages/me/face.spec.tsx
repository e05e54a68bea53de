// @vitest-environment jsdom
import { expect, test } from 'vitest';
import { draw } from '../../../test/draw.js';
import { Face } from './face.js';

test('whose name WeCom withholds has a figure for a face (it was the end of his id)', async () => {
  const hidden = draw(<Face name="成员 3f9a2c" />, {});
  await hidden.until(() => expect(hidden.root.querySelector('.icon--person')).not.toBeNull());
  expect(hidden.text()).toBe('');
  hidden.leave();
  const known = draw(<Face name="欧阳王芳" />, {});
  await known.shows('王芳');
  expect(known.text()).toBe('王芳');
});
