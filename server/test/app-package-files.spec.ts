import type { AppPackage } from '@lianke/shared/apps/package';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { TestEngine, TestTenant } from './support/engine.js';
import { formOf, packageWorld, rows } from './support/package-world.js';
import { exported, installInto, readInto } from './support/packaged-app.js';

let engine: TestEngine;
let a: TestTenant;
let b: TestTenant;
let pack: AppPackage;

beforeAll(async () => {
  ({ engine, a, b, pack } = await packageWorld());
}, 60_000);
afterAll(() => engine.close());

describe('a file that is no sound package', () => {
  const refused = async (content: unknown) => {
    try {
      await readInto(b, content);
    } catch (error) {
      return error as { code: string; params: Record<string, string> };
    }
    throw new Error('it was taken');
  };
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  it.each<[string, () => unknown, string, RegExp]>([
    ['no JSON', () => 'PK\u0003\u0004', 'invalid_file', /不是应用包/],
    ['some other JSON', () => ({ hello: 1 }), 'invalid_file', /不是应用包/],
    ['a package cut short', () => JSON.stringify(pack).slice(0, 5000), 'invalid_file', /损坏/],
    ['a newer format', () => ({ ...pack, format: 'lianke-app/9' }), 'invalid_file', /先升级本系统/],
    ['a missing part', () => ({ ...pack, forms: 'x' }), 'invalid_file', /forms/],
    ['nested without end', () => JSON.stringify(pack).replace('"flows":[', `"flows":[${deep},`), 'invalid_file', /./],
    ['characters nobody can store', () => ({ ...pack, name: 'a\u0000b' }), 'invalid_file', /无法保存/],
    ['two forms of one name', () => ({ ...pack, forms: [...pack.forms, pack.forms[0]] }), 'invalid_file', /两次/],
    ['too much', () => JSON.stringify({ ...pack, pad: 'x'.repeat(11_000_000) }), 'too_large', /10 MB/],
  ])('%s is refused, saying why', async (_, content, code, words) => {
    const sent = content();
    const before = process.cpuUsage();
    const error = await refused(sent);
    const { user } = process.cpuUsage(before);
    expect(error.code).toBe(code);
    expect(String(error.params.detail)).toMatch(words);
    // Microseconds of work, whatever else the machine is doing.
    expect(user).toBeLessThan(5_000_000);
  });

  it('names of nothing, and broken definitions, are told in the preview and install nothing', async () => {
    const before = await rows(b, 'app');
    const loose = structuredClone(pack);
    Object.assign(loose.flows[0] ?? {}, {
      definition: { trigger: { type: 'called', formId: 'form:nothing' }, nodes: [], edges: [] },
    });
    expect((await readInto(b, loose)).problem).toContain('form:nothing');
    await expect(installInto(b, loose)).rejects.toMatchObject({ code: 'invalid_definition' });
    const circle = structuredClone(pack);
    const total = circle.forms[1]?.fields.find((field) => (field as { key: string }).key === 'total');
    Object.assign((total as { config: object }).config, { expression: '{field:order/total}+1' });
    const preview = await readInto(b, circle);
    expect(preview.problem).toContain('合计');
    expect(await rows(b, 'app')).toBe(before);
  });

  it.each<[string, (form: { fields: object[] }) => void]>([
    ['of a form', ({ fields }) => fields.push({ key: 'odd', name: '怪', type: 'hologram' })],
    [
      'of a subform’s rows',
      ({ fields }) => {
        const items = fields.find((field) => (field as { key: string }).key === 'items') as {
          config: { fields: object[] };
        };
        items.config.fields.push({ key: 'odd', name: '怪', type: 'hologram' });
      },
    ],
  ])('a field type nobody knows, %s, is told in the preview, by the field’s name', async (_, spoil) => {
    const odd = structuredClone(pack);
    spoil(odd.forms.find((form) => form.key === 'order') as never);
    const { problem } = await readInto(b, odd);
    expect(problem).toContain('“怪”');
    expect(problem).toContain('hologram');
    await expect(installInto(b, odd)).rejects.toMatchObject({ code: 'invalid_definition' });
  });

  it('texts that look like names stay texts', async () => {
    const appId = await a.app('说明');
    await a.form({
      appId,
      key: 'note',
      name: '说明',
      fields: [{ key: 'text', name: '文本', type: 'text', hint: '见 form:note 和 form:\\x，不是 member:m1' }],
    });
    const words = await exported(a, appId);
    const done = await installInto(await engine.tenant(), words);
    expect(done.created).toBeGreaterThan(0);
    const c = await engine.tenant();
    const again = await installInto(c, words);
    expect((await formOf(c, again.app.id, 'note')).field('text')?.def.hint).toBe(
      '见 form:note 和 form:\\x，不是 member:m1',
    );
  });
});
