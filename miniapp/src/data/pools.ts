import type { FormId, RecordId } from '@lianke/shared/ids';
import type { PoolResult, PoolView } from '@lianke/shared/pools/api';
import { api } from '../api/client.js';
import type { Translate } from '../i18n/index.js';
import type { FormView } from './record-types.js';
import { invalidate, type Resource, useResource } from './resource.js';

/** The key under which the customers' page shows the pool instead of a view. */
export const poolView = 'pool';

/** Pools that the reader may look into. */
export function usePools(): Resource<PoolView[]> {
  return useResource('pools', async () => (await api('pools.list', {})).items, true);
}

export function poolOf(pools: readonly PoolView[] | undefined, form: FormView): PoolView | undefined {
  return pools?.find((pool) => pool.formId === form.id);
}

/** The form with nothing but the fields that its pool shows. */
export function formInPool(form: FormView, pool: PoolView): FormView {
  const rights = new Map(pool.fields.map((field) => [field.key, field.right]));
  return {
    ...form,
    fields: form.fields
      .filter((field) => rights.has(field.key))
      .map((field) => ({ ...field, ...(rights.get(field.key) === 'masked' ? { masked: true } : {}) })),
  };
}

/** What stops the reader from claiming one more. */
export function stopOf(pool: PoolView): 'pool.full' | 'pool.usedUp' | undefined {
  if (pool.holds !== null && pool.held >= pool.holds) return 'pool.full';
  return pool.daily !== null && pool.today >= pool.daily ? 'pool.usedUp' : undefined;
}

/** 「我负责 3 / 50 条 · 今天领取 1 / 10 条」 */
export function standingText(t: Translate, { held, holds, today, daily }: PoolView): string {
  const holding = holds === null ? t('pool.held', { n: held }) : t('pool.heldOf', { n: held, most: holds });
  const claiming = daily === null ? t('pool.today', { n: today }) : t('pool.todayOf', { n: today, most: daily });
  return `${holding} · ${claiming}`;
}

export async function claim(form: FormView, id: string): Promise<PoolResult> {
  const result = await api('pools.claim', { params: { formId: form.id as FormId }, body: { ids: [id as RecordId] } });
  invalidate('pools');
  return result;
}

export async function giveBack(form: FormView, id: string, reason: string): Promise<PoolResult> {
  const body = { ids: [id as RecordId], reason };
  const result = await api('pools.return', { params: { formId: form.id as FormId }, body });
  invalidate('pools');
  return result;
}
