import { optionColors } from '@lianke/shared/fields/select/schema';
import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { pause } from '../i18n/punctuation.js';
import styles from './fields.module.css';
import { type EditorProps, type FieldRenderer, listWidth, stringsOf, type ValueProps } from './renderer.js';

/** A tag keeps its tint wherever it stands, though nobody chose it. */
function tintOf(tag: string): string {
  let sum = 0;
  for (const char of tag) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) >>> 0;
  return optionColors[1 + (sum % (optionColors.length - 1))] ?? 'gray';
}

function Value({ value }: ValueProps) {
  return (
    <span className={styles.chips}>
      {stringsOf(value).map((tag) => (
        <span key={tag} className={`tint tint-${tintOf(tag)}`} title={tag}>
          {tag}
        </span>
      ))}
    </span>
  );
}

function Editor({ field, value, onChange, id, label, autoFocus, disabled, invalid, inCell }: EditorProps) {
  const { t } = useTranslation('fields');
  const suggestions = field.config.suggestions;
  const offered = Array.isArray(suggestions) ? stringsOf(suggestions) : [];
  return (
    <Select<string[]>
      mode="tags"
      id={id}
      aria-label={label}
      style={{ width: '100%' }}
      value={stringsOf(value)}
      onChange={(next) => onChange(next.length === 0 ? null : next)}
      allowClear
      tokenSeparators={[',', '，', '、', ';', '；']}
      placeholder={t('addTag')}
      options={offered.map((tag) => ({ value: tag, label: tag }))}
      autoFocus={autoFocus}
      disabled={disabled}
      status={invalid ? 'error' : ''}
      {...(inCell ? { defaultOpen: true, popupMatchSelectWidth: listWidth } : {})}
    />
  );
}

export const tags: FieldRenderer = {
  Value,
  Editor,
  text: (_, value) => stringsOf(value).join(pause()),
  inCell: true,
  width: 180,
};
