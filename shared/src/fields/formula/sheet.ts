import type { DerivedResult } from '../derived.js';
import { sheetFormats } from '../sheet-registry.js';
import { emptyValue, refused, type SheetFormat } from '../sheet-types.js';

/** Results leave as fields of their own kind do; nothing comes in. */
export const derivedSheet: SheetFormat<{ result?: DerivedResult | undefined }> = {
  reader: () => (cell) => (cell === null || cell === '' ? emptyValue : refused('system_kept')),
  write: (value, config, context) => {
    if (value === null) return null;
    const { result } = config;
    if (!result) return typeof value === 'object' ? JSON.stringify(value) : value;
    return sheetFormats[result.type].write(value, result.config as never, context);
  },
};
