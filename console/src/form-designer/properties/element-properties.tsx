import { DeleteOutlined } from '@ant-design/icons';
import type { Filter } from '@lianke/shared/filter/ast';
import { Button, Input, Segmented } from 'antd';
import { RichEditor } from '../../fields/rich-editor.js';
import { FilterBuilder } from '../../shared/filter-builder.js';
import { useDesigner } from '../designer/use-designer.js';
import { useText } from '../i18n.js';
import { type DesignElement, placeOf } from '../model/design.js';
import { useConditionFields } from './field-rules.js';
import { Prop, PropGroup } from './prop.js';

/** Words or a line: what it says, how wide it is, when it shows. */
export function ElementProperties({ element }: { element: DesignElement }) {
  const text = useText();
  const { act, design } = useDesigner();
  const fields = useConditionFields();
  const { uid } = element;
  const place = placeOf(design, uid);
  const section = design.sections.find((item) => item.uid === place?.section);
  const span = section?.items[place?.index ?? 0]?.span ?? 1;
  return (
    <>
      {element.kind === 'text' ? (
        <PropGroup label={text('wordsContent')} hint={text('wordsHint')}>
          <RichEditor
            id={undefined}
            label={text('wordsContent')}
            value={element.content}
            onChange={(content) => act({ type: 'updateElement', uid, patch: { content } }, `words:${uid}`)}
            disabled={false}
            invalid={false}
          />
        </PropGroup>
      ) : (
        <Prop label={text('dividerCaption')}>
          <Input
            maxLength={40}
            value={element.content}
            onChange={(event) =>
              act({ type: 'updateElement', uid, patch: { content: event.target.value } }, `words:${uid}`)
            }
          />
        </Prop>
      )}
      {section && section.columns > 1 && (
        <PropGroup label={text('span')}>
          <Segmented
            block
            value={Math.min(span, section.columns)}
            onChange={(next) => act({ type: 'setSpan', uid, span: next })}
            options={Array.from({ length: section.columns }, (_, index) => ({
              value: index + 1,
              label: index + 1 === section.columns ? text('spanFull') : text('spanOf', { n: index + 1 }),
            }))}
          />
        </PropGroup>
      )}
      <PropGroup label={text('visibleWhen')}>
        <FilterBuilder
          narrow
          ownOnly
          fields={fields}
          value={element.visibleWhen}
          onChange={(visibleWhen: Filter | undefined) => act({ type: 'updateElement', uid, patch: { visibleWhen } })}
          emptyText={text('visibleWhenEmpty')}
        />
      </PropGroup>
      <Button danger block icon={<DeleteOutlined />} onClick={() => act({ type: 'removeElement', uid })}>
        {text('removeElement')}
      </Button>
    </>
  );
}
