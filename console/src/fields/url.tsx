import { type FieldRenderer, isEmptyValue, type ValueProps } from './renderer.js';
import { LineEditor } from './text.js';

function Value({ value }: ValueProps) {
  if (isEmptyValue(value)) return null;
  const address = String(value);
  // The server refuses other schemes; a draft or an old row must not become a script link here either.
  if (!/^https?:\/\//i.test(address)) return <>{address}</>;
  return (
    <a href={address} target="_blank" rel="noreferrer noopener" onClick={(event) => event.stopPropagation()}>
      {address.replace(/^https?:\/\//i, '')}
    </a>
  );
}

export const url: FieldRenderer = {
  Value,
  Editor: LineEditor,
  text: (_, value) => (isEmptyValue(value) ? '' : String(value)),
  inCell: true,
  width: 180,
};
