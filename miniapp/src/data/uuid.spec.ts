import { isUuid } from '@lianke/shared/ids';
import { expect, test } from 'vitest';
import { uuidV7 } from './uuid.js';

test('ids are uuid v7: version, variant, the time in front, and different each time', () => {
  const id = uuidV7(Date.parse('2025-03-07T00:00:00Z'));
  expect(isUuid(id)).toBe(true);
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(Number.parseInt(id.replace('-', '').slice(0, 12), 16)).toBe(Date.parse('2025-03-07T00:00:00Z'));
  expect(new Set(Array.from({ length: 1000 }, () => uuidV7(0))).size).toBe(1000);
});

test('hosts without a crypto object get ids too', async () => {
  const { vi } = await import('vitest');
  vi.stubGlobal('crypto', undefined);
  expect(isUuid(uuidV7())).toBe(true);
  vi.unstubAllGlobals();
});
