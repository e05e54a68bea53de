import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { problemOf } from '../http/problem-filter.js';
import { AppError, reasonIn, refusal } from './app-error.js';

/** Where values of fields are judged. */
const fields = fileURLToPath(new URL('../../../../shared/src/fields', import.meta.url));
const both = (error: AppError) => [problemOf(error, 'zh', 't').detail, problemOf(error, 'en', 't').detail];

describe('a refusal', () => {
  it('says why in the language of the caller', () => {
    expect(both(refusal('wrong_state', { zh: '已经撤销过了', en: 'it was undone already' }))).toEqual([
      '当前状态不能这样操作：已经撤销过了',
      'Not possible in the current state: it was undone already',
    ]);
  });

  it('says what may not be done in the language of the caller', () => {
    const error = refusal('forbidden', { zh: '导出数据', en: 'export records' });
    expect(error.params).toEqual({ action: '导出数据' });
    expect(both(error)).toEqual(['没有权限：导出数据', 'Not allowed: export records']);
    expect([reasonIn(error, 'zh'), reasonIn(error, 'en')]).toEqual(both(error));
  });

  it('tells other words in English too, and keeps what else it carries', () => {
    const fields = [{ field: 'rules', code: 'unknown_field' as const }];
    const error = refusal(
      'channel_failed',
      { zh: '太频繁', en: 'too often' },
      { channel: '企业微信' },
      { fields, english: { channel: 'WeCom' } },
    );
    expect(both(error)).toEqual(['企业微信没有接受请求：太频繁', 'WeCom refused the request: too often']);
    expect(problemOf(error, 'en', 't')).toMatchObject({
      params: { channel: 'WeCom', detail: 'too often' },
      fields: [{ field: 'rules', message: 'There is no such field' }],
    });
    expect(both(new AppError('too_large', { detail: 'a.csv' }))).toEqual(['内容过大：a.csv', 'Too large: a.csv']);
  });

  it('says what a field expects in the language of the caller', () => {
    const wrong = (expected: string, language: 'zh' | 'en') => {
      const faults = [{ field: 'x', code: 'wrong_type' as const, params: { expected } }];
      return problemOf(new AppError('validation_failed', {}, { fields: faults }), language, 't').fields?.[0]?.message;
    };
    expect(wrong('选项', 'zh')).toBe('格式不对，应为选项');
    expect(wrong('选项', 'en')).toBe('Wrong format, expected an option');
    expect(wrong('日期、日期时间', 'en')).toBe('Wrong format, expected Date or Date and time');
    const sources = readdirSync(fields, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /(value|sheet)\.ts$/.test(file),
    );
    const words = sources.flatMap((file) =>
      [...readFileSync(join(fields, file), 'utf8').matchAll(/expected: '([^']*)'/g)].flatMap(([, word]) => word ?? []),
    );
    expect(words.length).toBeGreaterThan(8);
    expect(words.map((word) => wrong(word, 'en')).filter((message) => /\p{Script=Han}/u.test(message ?? ''))).toEqual(
      [],
    );
  });
});
