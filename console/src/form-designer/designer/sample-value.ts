import type { AutonumberConfig } from '@lianke/shared/fields/autonumber/schema';
import type { Json } from '@lianke/shared/json';
import { autonumberExample } from '../model/autonumber-example.js';
import type { DesignField } from '../model/design.js';

/** What the canvas shows in a field's control: its fixed default, the example of an autonumber, otherwise nothing. */
export function sampleValue(field: DesignField): Json {
  if (field.type === 'autonumber') return autonumberExample(field.config as AutonumberConfig, new Date());
  if (field.default?.kind === 'literal') return field.default.value;
  return null;
}
