import type { FieldRenderer } from './types.js';

export const autonumberField: FieldRenderer = { Control: null, format: (value) => String(value) };
