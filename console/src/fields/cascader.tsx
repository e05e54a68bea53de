import type { CascaderOption } from '@lianke/shared/fields/cascader/schema';
import { pathText } from '@lianke/shared/fields/cascader/value';
import { Cascader } from 'antd';
import { useTranslation } from 'react-i18next';
import { type EditorProps, type FieldLike, type FieldRenderer, isEmptyValue, type ValueProps } from './renderer.js';

/** The first level of a cascading select's choices. */
export function choicesOf(field: FieldLike): CascaderOption[] {
  return Array.isArray(field.config.options) ? (field.config.options as CascaderOption[]) : [];
}

function shown(field: FieldLike, value: ValueProps['value']): string {
  return isEmptyValue(value) ? '' : pathText(String(value), choicesOf(field));
}

function Value({ field, value }: ValueProps) {
  return <>{shown(field, value)}</>;
}

function Editor({ field, value, onChange, onDone, id, label, autoFocus, disabled, invalid, inCell }: EditorProps) {
  const { t } = useTranslation('fields');
  return (
    <Cascader<CascaderOption>
      id={id}
      aria-label={label ?? field.name}
      style={{ width: '100%' }}
      options={choicesOf(field)}
      fieldNames={{ label: 'label', value: 'id', children: 'children' }}
      value={isEmptyValue(value) ? [] : String(value).split('/')}
      onChange={(path, chosen) => {
        onChange(path && path.length > 0 ? path.join('/') : null);
        // A level that has others under it may be on the way to them.
        if (!chosen?.at(-1)?.children?.length) onDone?.();
      }}
      changeOnSelect={field.config.anyLevel === true}
      displayRender={(labels) => labels.join(' / ')}
      showSearch={{ filter: (text, path) => path.some((item) => item.label.includes(text)) }}
      placeholder={t('choose')}
      notFoundContent={t('noMatch')}
      allowClear
      autoFocus={autoFocus ?? false}
      disabled={disabled ?? false}
      status={invalid ? 'error' : ''}
      {...(inCell ? { defaultOpen: true } : {})}
    />
  );
}

export const cascader: FieldRenderer = { Value, Editor, text: shown, inCell: true, width: 170 };
