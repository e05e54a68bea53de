import { expect, it } from 'vitest';
import { textOf } from '../testing/render.js';
import { CopyMarks } from './copy-marks.js';

it('tells who was sent a copy and who has read it (read marks were seen by nobody else)', () => {
  const at = '2025-03-07T02:00:00.000Z';
  const { zh, en } = textOf(
    <CopyMarks
      copies={[
        { who: { id: 'm1', label: '王芳' }, by: { id: 'm2', label: '陈静' }, at, readAt: '2025-03-07T03:00:00.000Z' },
        { who: { id: 'm3', label: '李伟' }, by: null, at, readAt: null },
      ]}
    />,
  );
  expect(zh).toContain('1 / 2 人已读');
  expect(zh).toMatch(/王芳 陈静 抄送 .+已读/);
  expect(zh).toMatch(/李伟 流程抄送 .+ 未读/);
  expect(en).toContain('1 of 2 read');
  expect(textOf(<CopyMarks copies={[]} />).zh.trim()).toBe('');
});
