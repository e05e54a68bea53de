import { decimalCell, readAmount } from '../number/sheet.js';
import { fromParsed } from '../sheet-text.js';
import { emptyValue, refused, type SheetFormat } from '../sheet-types.js';
import type { SliderConfig } from './schema.js';
import { parseSlider } from './value.js';

export const sliderSheet: SheetFormat<SliderConfig> = {
  reader:
    (config, { factor = 1 }) =>
    (cell) => {
      const amount = readAmount(cell, factor);
      if ('problem' in amount) return refused('bad_number');
      return amount.text === null ? emptyValue : fromParsed(parseSlider(amount.text, config));
    },
  write: (value) => decimalCell(value),
};
