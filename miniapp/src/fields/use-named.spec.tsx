// @vitest-environment jsdom
import { expect, test } from 'vitest';
import { draw } from '../../test/draw.js';
import { field } from '../../test/forms.js';
import { renderers } from './registry.js';

const [li, wang] = ['00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000002'];

test('a member that the form fills in is shown by name (the field looked empty on the phone)', async () => {
  const [One, Many] = [renderers.member.Control, renderers.members.Control];
  if (!One || !Many) throw new Error('no control');
  const onChange = () => undefined;
  const page = draw(
    <>
      <One field={field('member', 'by', '经办人')} value={li} onChange={onChange} />
      <Many field={field('members', 'mates', '同行')} value={[wang]} onChange={onChange} />
    </>,
    {
      'GET /members': () => ({
        items: [
          { id: li, name: '李伟', state: 'active', departments: [] },
          { id: wang, name: '王芳', state: 'active', departments: [] },
        ],
        cursor: null,
      }),
    },
  );
  await page.shows('李伟');
  await page.shows('王芳');
  expect(page.asked.filter((one) => one.path.startsWith('/members'))).toHaveLength(1);
});
