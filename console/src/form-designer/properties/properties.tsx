import { SettingOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import styles from '../designer/designer.module.css';
import { useDesigner } from '../designer/use-designer.js';
import { useText } from '../i18n.js';
import { innerOf } from '../model/subform.js';
import { ElementProperties } from './element-properties.js';
import { FieldProperties } from './field-properties.js';
import { FormProperties } from './form-properties.js';
import { SectionProperties } from './section-properties.js';
import { InnerProperties } from './subform-properties.js';

/** The right side of the designer: settings of what is selected. */
export function Properties() {
  const text = useText();
  const { design, selection, select, seal } = useDesigner();
  const field = selection.kind === 'field' ? design.fields[selection.uid] : undefined;
  const inner =
    field?.type === 'subform' && selection.kind === 'field'
      ? innerOf(field).find((item) => item.uid === selection.inner)
      : undefined;
  const section = selection.kind === 'section' ? design.sections.find((item) => item.uid === selection.uid) : undefined;
  const element = selection.kind === 'element' ? design.elements?.[selection.uid] : undefined;
  const title = field
    ? 'fieldProperties'
    : element
      ? (`layout_${element.kind}` as const)
      : section
        ? 'sectionProperties'
        : 'formProperties';
  return (
    // Leaving a box ends its run of typing for undo.
    <aside className={styles.panel} aria-label={text('properties')} onBlur={seal}>
      <div className={styles.panelHead}>
        {text(title)}
        {(field || section || element) && (
          <Button type="text" size="small" icon={<SettingOutlined />} onClick={() => select({ kind: 'form' })}>
            {text('formProperties')}
          </Button>
        )}
      </div>
      <div className={styles.panelBody}>
        {field ? (
          inner ? (
            <InnerProperties field={field} inner={inner} />
          ) : (
            <FieldProperties key={field.uid} field={field} />
          )
        ) : element ? (
          <ElementProperties key={element.uid} element={element} />
        ) : section ? (
          <SectionProperties key={section.uid} section={section} />
        ) : (
          <FormProperties />
        )}
      </div>
    </aside>
  );
}
