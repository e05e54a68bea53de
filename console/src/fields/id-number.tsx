import { EyeInvisibleOutlined, EyeOutlined } from '@ant-design/icons';
import { maskIdNumber } from '@lianke/shared/fields/id-number/value';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type FieldLike, type FieldRenderer, isEmptyValue, type ValueProps } from './renderer.js';
import { LineEditor } from './text.js';

function shown(field: FieldLike, value: ValueProps['value']): string {
  if (isEmptyValue(value)) return '';
  return field.config.masked === false ? String(value) : maskIdNumber(String(value));
}

/** The middle stays hidden from people passing by until the eye is pressed. */
function Value({ field, value }: ValueProps) {
  const { t } = useTranslation('fields');
  const [open, setOpen] = useState(false);
  if (isEmptyValue(value)) return null;
  const masked = field.config.masked !== false;
  return (
    <span className="tabular" style={{ whiteSpace: 'nowrap' }}>
      {open ? String(value) : shown(field, value)}
      {masked && (
        <Button
          type="text"
          size="small"
          aria-label={t(open ? 'hideNumber' : 'showNumber')}
          aria-pressed={open}
          icon={open ? <EyeInvisibleOutlined /> : <EyeOutlined />}
          onClick={(event) => {
            event.stopPropagation();
            setOpen(!open);
          }}
        />
      )}
    </span>
  );
}

export const idNumber: FieldRenderer = { Value, Editor: LineEditor, text: shown, inCell: true, width: 200 };
