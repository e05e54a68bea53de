import { View } from '@tarojs/components';
import { useRef, useState } from 'react';
import { summaryLine, tagOf } from '../data/facts.js';
import type { FormView, RecordRow } from '../data/record-types.js';
import type { FormatContext } from '../fields/types.js';
import { useT } from '../i18n/index.js';
import { open } from '../platform/navigate.js';
import { Tag } from './tag.js';
import './record-row.scss';
import { Named } from './named.js';

export interface SwipeAction {
  key: string;
  label: string;
  primary?: boolean;
  run(): void;
}

interface Props {
  form: FormView;
  record: RecordRow;
  format: FormatContext;
  /** Said before the form's own facts. */
  lead?: string | undefined;
  actions?: SwipeAction[];
  /** A finger rests on it. */
  onHold?: (() => void) | undefined;
}

const openAfter = 36;

/** A record in a list: name, one line of facts, tag. A swipe to the left shows its actions. */
export function RecordRowView({ form, record, format, lead = '', actions = [], onHold }: Props) {
  const t = useT();
  const [swiped, setSwiped] = useState(false);
  const from = useRef<{ x: number; y: number } | null>(null);
  const line = [lead, summaryLine(form, record, format)].filter(Boolean).join(' · ');
  const tag = tagOf(form, record);
  const point = (event: { touches: { pageX?: number; pageY?: number; clientX?: number; clientY?: number }[] }) => {
    const touch = event.touches[0];
    return { x: touch?.clientX ?? touch?.pageX ?? 0, y: touch?.clientY ?? touch?.pageY ?? 0 };
  };
  const tap = () => {
    if (swiped) setSwiped(false);
    else open('/pages/record/index', { formId: form.id, id: record.id });
  };
  return (
    <View className="swipe">
      {swiped ? (
        <View className="swipe__acts">
          {actions.map((action) => (
            <View
              key={action.key}
              className={`swipe__act ${action.primary ? 'swipe__act--primary' : ''}`}
              onClick={() => {
                setSwiped(false);
                action.run();
              }}
            >
              {action.label}
            </View>
          ))}
        </View>
      ) : null}
      <View
        className={`row swipe__front ${swiped ? `swipe__front--${actions.length}` : ''}`}
        hoverClass="is-pressed"
        onTouchStart={(event) => {
          from.current = point(event as never);
        }}
        onTouchMove={(event) => {
          const begin = from.current;
          if (!begin || actions.length === 0) return;
          const { x, y } = point(event as never);
          if (Math.abs(y - begin.y) > 20) from.current = null;
          else if (Math.abs(x - begin.x) > openAfter) {
            from.current = null;
            setSwiped(x < begin.x);
          }
        }}
        onLongPress={onHold}
        onClick={tap}
      >
        <View className="row__main">
          <View className="row__title ellipsis">{record.label || t('record.untitled')}</View>
          {line ? (
            <View className="row__line swipe__line">
              <Named text={line} />
            </View>
          ) : null}
        </View>
        {tag ? (
          <View className="row__side">
            <Tag label={tag.label} color={tag.color} />
          </View>
        ) : null}
      </View>
    </View>
  );
}
