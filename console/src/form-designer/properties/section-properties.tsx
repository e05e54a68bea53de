import { DeleteOutlined } from '@ant-design/icons';
import type { Filter } from '@lianke/shared/filter/ast';
import { Button, Input, Segmented } from 'antd';
import { FilterBuilder } from '../../shared/filter-builder.js';
import { useDesigner } from '../designer/use-designer.js';
import { useText } from '../i18n.js';
import type { DesignSection } from '../model/design.js';
import { useConditionFields } from './field-rules.js';
import { Prop, PropGroup } from './prop.js';
import styles from './properties.module.css';

/** Title and columns of a section. */
export function SectionProperties({ section }: { section: DesignSection }) {
  const text = useText();
  const { act, design } = useDesigner();
  const { uid } = section;
  const fields = useConditionFields();
  return (
    <>
      <Prop label={text('sectionTitle')}>
        <Input
          maxLength={40}
          placeholder={text('sectionTitlePlaceholder')}
          value={section.title}
          onChange={(event) =>
            act({ type: 'updateSection', uid, patch: { title: event.target.value } }, `section:${uid}`)
          }
        />
      </Prop>
      <PropGroup label={text('columns')}>
        <Segmented
          block
          value={section.columns}
          onChange={(columns) => act({ type: 'updateSection', uid, patch: { columns } })}
          options={[1, 2, 3, 4]}
        />
      </PropGroup>
      <Prop label={text('sectionTab')} hint={text('sectionTabHint')}>
        <Input
          allowClear
          maxLength={20}
          placeholder={text('sectionTabPlaceholder')}
          value={section.tab ?? ''}
          onChange={(event) =>
            act({ type: 'updateSection', uid, patch: { tab: event.target.value || undefined } }, `tab:${uid}`)
          }
        />
      </Prop>
      <PropGroup label={text('visibleWhen')}>
        <FilterBuilder
          narrow
          ownOnly
          fields={fields}
          value={section.visibleWhen}
          onChange={(visibleWhen: Filter | undefined) => act({ type: 'updateSection', uid, patch: { visibleWhen } })}
          emptyText={text('visibleWhenEmpty')}
        />
      </PropGroup>
      {design.sections.length > 1 && (
        <>
          <Button danger block icon={<DeleteOutlined />} onClick={() => act({ type: 'removeSection', uid })}>
            {text('removeSection')}
          </Button>
          <div className={styles.hint}>{text('removeSectionHint')}</div>
        </>
      )}
    </>
  );
}
