import { Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { fieldRenderers } from '../fields/registry.js';
import type { EditorProps } from '../fields/renderer.js';

/** The control that edits a value of the field's type; a greyed line for what only the system writes. */
export function FieldEditor(props: EditorProps) {
  const { t } = useTranslation('fields');
  const { Editor, text } = fieldRenderers[props.field.type];
  if (Editor) return <Editor {...props} />;
  return (
    <Input
      id={props.id}
      aria-label={props.label}
      disabled
      value={text(props.field, props.value)}
      placeholder={t(props.field.type === 'autonumber' ? 'autonumber' : 'systemKept')}
    />
  );
}
