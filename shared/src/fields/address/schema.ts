import { z } from 'zod';
import { type FieldType, presenceOps } from '../types.js';
import { parseAddress } from './value.js';

export const addressConfig = z.object({});
export type AddressConfig = z.infer<typeof addressConfig>;

export const addressValue = z.object({
  province: z.string().max(30).optional(),
  city: z.string().max(30).optional(),
  district: z.string().max(30).optional(),
  detail: z.string().max(200).optional(),
});
export type AddressValue = z.infer<typeof addressValue>;

/** Nobody knows where an address is: `within` a box lies what is in a city whose centre does. */
export const addressField: FieldType<AddressConfig, AddressValue> = {
  type: 'address',
  label: { zh: '地址', en: 'Address' },
  group: 'advanced',
  config: addressConfig,
  storage: 'jsonb',
  operators: ['contains', ...presenceOps, 'within'],
  aggregates: ['count'],
  sortable: false,
  groupable: false,
  searchable: false,
  mayBeEncrypted: true,
  mask: (value) => ({ ...value, ...(value.detail ? { detail: '****' } : {}) }),
  parse: (raw) => parseAddress(raw, addressValue),
};
