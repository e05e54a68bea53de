import { expect, test } from 'vitest';
import { photoMark } from './photo-mark.js';

const t = (key: string) => key;
const visit = { member: '王芳', customer: '东篱茶业', distance: '', now: Date.parse('2026-11-30T06:29:00Z') };

test('a photo tells who visited whom, when, and where', () => {
  const place = { found: { lat: 30.274151, lng: 120.15515, accuracy: 20 } };
  expect(photoMark(t as never, 'Asia/Shanghai', { ...visit, place, distance: '距客户地址 120 米' })).toEqual([
    '王芳 · 东篱茶业',
    '2026-11-30 14:29',
    '30.27415, 120.15515 · 距客户地址 120 米',
  ]);
});

test('it says so when there is no place, or one that is made up', () => {
  expect(photoMark(t as never, 'Asia/Shanghai', { ...visit, customer: '', place: { found: undefined } })).toEqual([
    '王芳',
    '2026-11-30 14:29',
    'visit.markNoPlace',
  ]);
  const place = { found: { lat: 1, lng: 2, mock: true } };
  expect(photoMark(t as never, 'Asia/Shanghai', { ...visit, place })[2]).toBe('1.00000, 2.00000 · visit.mock');
});
