import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined, EyeInvisibleOutlined } from '@ant-design/icons';
import { Button, Tooltip } from 'antd';
import type { CSSProperties, KeyboardEvent } from 'react';
import { colon } from '../../i18n/punctuation.js';
import { useText } from '../i18n.js';
import type { DesignSection } from '../model/design.js';
import { CanvasElement } from './canvas-element.js';
import { CanvasField } from './canvas-field.js';
import styles from './designer.module.css';
import { useDesigner } from './use-designer.js';
import type { DropPlace } from './use-drag.js';

interface Props {
  section: DesignSection;
  index: number;
  landing: DropPlace | null;
  onFieldKey: (uid: string, event: KeyboardEvent<HTMLElement>) => void;
  onDuplicate: (uid: string) => void;
  onRemove: (uid: string) => void;
}

/** A section of the canvas: its title, and its fields in one to four columns. */
export function CanvasSection({ section, index, landing, onFieldKey, onDuplicate, onRemove }: Props) {
  const text = useText();
  const { design, selection, select, act } = useDesigner();
  const selected = selection.kind === 'section' && selection.uid === section.uid;
  const only = design.sections.length === 1;
  const here = landing?.section === section.uid && !landing.inside ? landing.index : -1;
  const title = section.title || (only ? '' : text('sectionUntitled'));
  return (
    <section
      className={selected ? `${styles.section} ${styles.sectionSelected}` : styles.section}
      data-section={section.uid}
      aria-label={section.title || text('section')}
    >
      <div
        className={
          only && !section.title && !selected ? `${styles.sectionHead} ${styles.sectionHeadQuiet}` : styles.sectionHead
        }
      >
        <button
          type="button"
          className={section.title ? styles.sectionTitle : `${styles.sectionTitle} ${styles.sectionUntitled}`}
          onClick={(event) => {
            event.stopPropagation();
            select({ kind: 'section', uid: section.uid });
          }}
          aria-pressed={selected}
        >
          {title || text('section')}
          {section.visibleWhen && (
            <span className="muted">
              {' '}
              <EyeInvisibleOutlined /> {text('conditional')}
            </span>
          )}
        </button>
        {selected && (
          <span className={styles.sectionTools}>
            <Tooltip title={text('moveUp')}>
              <Button
                size="small"
                type="text"
                icon={<ArrowUpOutlined />}
                aria-label={text('moveUp')}
                disabled={index === 0}
                onClick={() => act({ type: 'moveSection', uid: section.uid, index: index - 1 })}
              />
            </Tooltip>
            <Tooltip title={text('moveDown')}>
              <Button
                size="small"
                type="text"
                icon={<ArrowDownOutlined />}
                aria-label={text('moveDown')}
                disabled={index === design.sections.length - 1}
                onClick={() => act({ type: 'moveSection', uid: section.uid, index: index + 1 })}
              />
            </Tooltip>
            <Tooltip title={`${text('removeSection')}${colon()}${text('removeSectionHint')}`}>
              <Button
                size="small"
                type="text"
                danger
                icon={<DeleteOutlined />}
                aria-label={text('removeSection')}
                disabled={only}
                onClick={() => act({ type: 'removeSection', uid: section.uid })}
              />
            </Tooltip>
          </span>
        )}
      </div>
      <div className={styles.grid} style={{ '--columns': section.columns } as CSSProperties}>
        {section.items.map((item, at) => {
          const lands = landing?.after ? (here === at + 1 ? 'after' : null) : here === at ? 'before' : null;
          const element = design.elements?.[item.field];
          if (element)
            return (
              <CanvasElement
                key={item.field}
                element={element}
                item={item}
                columns={section.columns}
                selected={selection.kind === 'element' && selection.uid === element.uid}
                landing={lands}
                onSelect={() => select({ kind: 'element', uid: element.uid })}
                onKeyDown={(event) => onFieldKey(element.uid, event)}
                onRemove={() => onRemove(element.uid)}
              />
            );
          const field = design.fields[item.field];
          if (!field) return null;
          return (
            <CanvasField
              key={item.field}
              field={field}
              item={item}
              columns={section.columns}
              selected={selection.kind === 'field' && selection.uid === field.uid}
              landing={lands}
              inside={landing?.inside?.uid === field.uid ? landing.inside.index : null}
              onSelect={() => select({ kind: 'field', uid: field.uid })}
              onKeyDown={(event) => onFieldKey(field.uid, event)}
              onDuplicate={() => onDuplicate(field.uid)}
              onRemove={() => onRemove(field.uid)}
            />
          );
        })}
        {section.items.length === 0 && (
          <div className={here >= 0 ? `${styles.emptySlot} ${styles.emptySlotOver}` : styles.emptySlot}>
            {text(here >= 0 ? 'dropHere' : 'sectionEmpty')}
          </div>
        )}
      </div>
    </section>
  );
}
