import { DeleteOutlined, PlusOutlined, SubnodeOutlined } from '@ant-design/icons';
import type { CascaderOption } from '@lianke/shared/fields/cascader/schema';
import { asJson } from '@lianke/shared/json';
import { Button, Input, Modal, Switch } from 'antd';
import { useState } from 'react';
import { isComposing } from '../../shared/is-composing.js';
import { useText } from '../i18n.js';
import { addChoice, addLines, removeChoice, renameChoice, type TreePlace } from '../model/cascader-options.js';
import { PropGroup, SwitchProp } from './prop.js';
import styles from './properties.module.css';
import type { TypePropsOf } from './type-properties.js';

const deepest = 5;

/** The choices of a cascading select as an indented list, one line a choice. */
export function CascaderProperties({ field, set }: TypePropsOf) {
  const text = useText();
  const [pasting, setPasting] = useState<string | null>(null);
  const options = (Array.isArray(field.config.options) ? field.config.options : []) as unknown as CascaderOption[];
  const put = (next: CascaderOption[], merge?: string) => set({ options: asJson(next) }, merge);

  const lines = (list: readonly CascaderOption[], above: TreePlace) =>
    list.flatMap((option, index): React.ReactNode[] => {
      const place = [...above, index];
      const name = option.label || text('cascaderUnnamed');
      return [
        <div key={place.join('.')} className={styles.choiceLine} style={{ paddingLeft: above.length * 16 }}>
          <Input
            size="small"
            maxLength={60}
            value={option.label}
            status={option.label.trim() === '' ? 'error' : ''}
            aria-label={text('cascaderChoice', { n: place.map((at) => at + 1).join('.') })}
            onChange={(event) => put(renameChoice(options, place, event.target.value), `choice:${place.join('.')}`)}
            onPressEnter={(event) => {
              if (!isComposing(event.nativeEvent)) put(addChoice(options, [...above, index + 1]));
            }}
          />
          <Button
            type="text"
            size="small"
            icon={<SubnodeOutlined />}
            aria-label={text('cascaderAddUnder', { name })}
            title={text('cascaderAddUnder', { name })}
            disabled={place.length >= deepest}
            onClick={() => put(addChoice(options, [...place, option.children?.length ?? 0]))}
          />
          <Button
            type="text"
            size="small"
            icon={<DeleteOutlined />}
            aria-label={text('cascaderRemove', { name })}
            title={text('cascaderRemove', { name })}
            onClick={() => put(removeChoice(options, place))}
          />
        </div>,
        ...lines(option.children ?? [], place),
      ];
    });

  return (
    <>
      <PropGroup
        label={text('options')}
        extra={
          <Button type="link" size="small" onClick={() => setPasting('')}>
            {text('cascaderPaste')}
          </Button>
        }
      >
        {lines(options, [])}
        <Button
          block
          type="dashed"
          size="small"
          icon={<PlusOutlined />}
          onClick={() => put(addChoice(options, [options.length]))}
        >
          {text('cascaderAdd')}
        </Button>
      </PropGroup>
      <SwitchProp label={text('anyLevel')} hint={text('anyLevelHint')}>
        <Switch checked={field.config.anyLevel === true} onChange={(on) => set({ anyLevel: on || undefined })} />
      </SwitchProp>
      <Modal
        open={pasting !== null}
        title={text('cascaderPaste')}
        onCancel={() => setPasting(null)}
        onOk={() => {
          put(addLines(options, pasting ?? ''));
          setPasting(null);
        }}
      >
        <p className={styles.hint}>{text('cascaderPasteHint')}</p>
        <Input.TextArea
          autoFocus
          rows={10}
          aria-label={text('cascaderPaste')}
          value={pasting ?? ''}
          onChange={(event) => setPasting(event.target.value)}
        />
      </Modal>
    </>
  );
}
