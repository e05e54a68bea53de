import { dealFields, openDeals } from '@lianke/shared/apps/open-deals';
import type { FormId } from '@lianke/shared/ids';
import { useDidShow } from '@tarojs/taro';
import { useEffect, useRef, useState } from 'react';
import { api } from '../api/client.js';
import { optionOf, optionsOf } from '../fields/plain-values.js';
import { formatField } from '../fields/registry.js';
import type { FormatContext } from '../fields/types.js';
import { type Catalog, crmForm } from './forms.js';
import { useLive } from './live.js';
import { type FormView, isRef, type RecordRow } from './record-types.js';

/** So many customers are asked about at once. */
const together = 50;

type Deals = ReadonlyMap<string, RecordRow>;

/** The newest open deal (商机) of each of these customers, by the customer's id; what the reader may not see is not there. */
export function useDeals(catalog: Catalog | undefined, customers: FormView, ids: readonly string[]): Deals {
  const fields = crmForm(catalog, 'customer')?.id === customers.id ? dealFields(catalog) : undefined;
  const [known, setKnown] = useState<Deals>(new Map());
  const [round, setRound] = useState(0);
  const asked = useRef(new Set<string>());
  const again = () => {
    if (asked.current.size === 0) return;
    asked.current.clear();
    setRound((old) => old + 1);
  };
  useDidShow(again);
  useLive((formIds) => {
    if (fields && formIds.includes(fields.form.id)) again();
  });
  const key = ids.join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for the ids, and `round` asks for all of them again
  useEffect(() => {
    const fresh = ids.filter((id) => !asked.current.has(id));
    if (!fields || fresh.length === 0) return;
    const read = async (some: readonly string[]) => {
      for (const id of some) asked.current.add(id);
      const page = await api('records.query', {
        params: { formId: fields.form.id as FormId },
        body: {
          filter: openDeals(fields, some, optionsOf(fields.stage)),
          sort: [{ field: 'createdAt', dir: 'desc' }],
          fields: [fields.customer.key, fields.stage.key, ...(fields.amount ? [fields.amount.key] : [])],
          limit: 200,
          total: false,
        },
      });
      const found = new Map<string, RecordRow>();
      for (const deal of page.items) {
        const customer = deal.values[fields.customer.key];
        if (isRef(customer) && !found.has(customer.id)) found.set(customer.id, deal);
      }
      setKnown((old) => {
        const rest = [...old].filter(([id]) => !some.includes(id));
        return new Map([...rest, ...found]);
      });
    };
    for (let at = 0; at < fresh.length; at += together) {
      const some = fresh.slice(at, at + together);
      // A row is whole without its deal; the next showing asks again.
      void read(some).catch(() => {
        for (const id of some) asked.current.delete(id);
      });
    }
  }, [key, fields?.form.id, round]);
  return known;
}

/** 「商务谈判 · 58 万元」; '' without a deal. */
export function dealLine(catalog: Catalog | undefined, deal: RecordRow | undefined, format: FormatContext): string {
  const fields = deal && dealFields(catalog);
  if (!deal || !fields) return '';
  const stage = optionOf(fields.stage, deal.values[fields.stage.key])?.label;
  const amount = fields.amount && formatField(fields.amount, deal.values[fields.amount.key], format);
  return [stage, amount].filter(Boolean).join(' · ');
}
