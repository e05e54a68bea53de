import { Rate } from 'antd';
import { useTranslation } from 'react-i18next';
import { type EditorProps, type FieldLike, type FieldRenderer, isEmptyValue, type ValueProps } from './renderer.js';

const countOf = (field: FieldLike) => (typeof field.config.max === 'number' ? field.config.max : 5);
const starsOf = (value: ValueProps['value']) => (isEmptyValue(value) ? 0 : Number(value) || 0);

function Value({ field, value }: ValueProps) {
  const { t } = useTranslation('fields');
  if (isEmptyValue(value)) return null;
  const label = t('stars', { n: starsOf(value), max: countOf(field) });
  return (
    <span role="img" aria-label={label} title={label} style={{ whiteSpace: 'nowrap' }}>
      <Rate disabled allowHalf count={countOf(field)} value={starsOf(value)} style={{ fontSize: 13 }} />
    </span>
  );
}

function Editor({ field, value, onChange, onDone, id, label, autoFocus, disabled, inCell }: EditorProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset brings its own frame and legend
    <span {...(id ? { id } : {})} role="group" aria-label={label ?? field.name}>
      <Rate
        allowClear
        allowHalf={field.config.half === true}
        count={countOf(field)}
        value={starsOf(value)}
        onChange={(stars) => {
          onChange(stars === 0 ? null : String(stars));
          onDone?.();
        }}
        autoFocus={autoFocus ?? false}
        disabled={disabled ?? false}
        {...(inCell ? { style: { padding: '0 9px', fontSize: 15, lineHeight: '32px' } } : {})}
      />
    </span>
  );
}

export const rating: FieldRenderer = {
  Value,
  Editor,
  text: (_, value) => (isEmptyValue(value) ? '' : String(value)),
  inCell: true,
  width: 140,
};
