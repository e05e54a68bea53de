import type { Words } from '@lianke/shared/errors/issue-text';
import type { FlowInput } from '@lianke/shared/flows/triggers';
import type { Json } from '@lianke/shared/json';
import { refusal } from '../../kernel/errors/app-error.js';

/**
 * What a run is given, by the inputs its flow declares: checked, each by its type; what is not declared is left out.
 * Throws `invalid_request` naming the first that is missing or of another kind.
 */
export function readInputs(inputs: readonly FlowInput[], given: (input: FlowInput) => unknown): Record<string, Json> {
  const read: Record<string, Json> = {};
  for (const input of inputs) {
    const value = given(input);
    if (value === undefined || value === null || value === '') {
      if (input.required)
        throw refusal('invalid_request', { zh: `请填写“${input.label}”`, en: `fill in "${input.label}"` });
      read[input.key] = null;
      continue;
    }
    const fit = fitting(input, value);
    if (fit === undefined) throw refusal('invalid_request', unfit(input));
    read[input.key] = fit;
  }
  return read;
}

const expected: Record<FlowInput['type'], Words> = {
  text: { zh: '应该是一段文字', en: 'has to be a text' },
  longText: { zh: '应该是一段文字', en: 'has to be a text' },
  number: { zh: '应该是数字，如 12.5', en: 'has to be a number such as 12.5' },
  date: { zh: '应该是日期，如 2026-03-07', en: 'has to be a date such as 2026-03-07' },
  datetime: {
    zh: '应该是时间，如 2026-03-07T09:00:00+08:00',
    en: 'has to be a date and time such as 2026-03-07T09:00:00+08:00',
  },
  select: { zh: '不是可选的一项', en: 'is not one of the options' },
  switch: { zh: '应该是 true 或 false', en: 'has to be true or false' },
  member: { zh: '应该是成员', en: 'has to be a member' },
};

function unfit({ label, type }: FlowInput): Words {
  const { zh, en } = expected[type];
  return { zh: `“${label}”${zh}`, en: `"${label}" ${en}` };
}

function fitting(input: FlowInput, value: unknown): Json | undefined {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
  switch (input.type) {
    case 'text':
    case 'longText':
      return (text ?? (typeof value === 'boolean' ? String(value) : JSON.stringify(value))).slice(0, 5000);
    case 'number':
      return text !== undefined && /^-?\d{1,18}(\.\d{1,10})?$/.test(text) ? text : undefined;
    case 'date':
      return text && /^\d{4}-\d{2}-\d{2}/.test(text) && !Number.isNaN(Date.parse(text.slice(0, 10)))
        ? text.slice(0, 10)
        : undefined;
    case 'datetime':
      return text && !Number.isNaN(Date.parse(text)) ? new Date(text).toISOString() : undefined;
    case 'select':
      return text !== undefined && (!input.options?.length || input.options.includes(text)) ? text : undefined;
    case 'switch':
      if (typeof value === 'boolean') return value;
      return text === 'true' || text === 'false' ? text === 'true' : undefined;
    case 'member': {
      const id = typeof value === 'object' && value !== null && 'id' in value ? value.id : value;
      return typeof id === 'string' && /^[0-9a-f-]{36}$/.test(id) ? id : undefined;
    }
  }
}
