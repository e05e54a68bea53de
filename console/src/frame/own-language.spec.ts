import type { Me } from '@lianke/shared/org/api';
import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { keys } from '../api/queries.js';
import { chooseLanguage, currentLanguage, isUnsent } from '../i18n/index.js';
import { tellLanguage } from './own-language.js';

const client = new QueryClient();
const answer = (status: number) =>
  vi.stubGlobal('fetch', async () => new Response(JSON.stringify({ language: 'en' }), { status, headers: json }));
const json = { 'Content-Type': 'application/json' };
const kept = () => client.getQueryData<Me>(keys.me)?.member.language;

beforeEach(() => {
  const stored = new Map<string, string>();
  const storage = {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
    removeItem: (key: string) => void stored.delete(key),
  };
  vi.stubGlobal('localStorage', storage);
  vi.stubGlobal('sessionStorage', storage);
  vi.stubGlobal('document', { documentElement: {} });
  client.setQueryData(keys.me, { member: { id: 'm1', language: null } });
});
afterEach(() => {
  chooseLanguage('zh');
  vi.unstubAllGlobals();
});

it('a choice is on screen at once and waits until the server has heard of it', async () => {
  chooseLanguage('en');
  expect([currentLanguage(), isUnsent()]).toEqual(['en', true]);
  answer(503);
  await tellLanguage(client, 'en');
  expect([kept(), isUnsent()]).toEqual([null, true]);
  answer(200);
  await tellLanguage(client, 'en');
  expect([kept(), isUnsent()]).toEqual(['en', false]);
});
