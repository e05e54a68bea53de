import { Tooltip } from 'antd';
import { formatDatetime, formatRecent } from '../shared/format.js';
import { type FieldRenderer, isEmptyValue, type ValueProps } from './renderer.js';

function Value({ value }: ValueProps) {
  if (isEmptyValue(value)) return null;
  return (
    <Tooltip title={formatDatetime(String(value))}>
      <span className="tabular">{formatRecent(String(value))}</span>
    </Tooltip>
  );
}

export const lastContact: FieldRenderer = {
  Value,
  text: (_, value) => (isEmptyValue(value) ? '' : formatDatetime(String(value))),
  inCell: false,
  width: 130,
};
