import type { WidgetType } from '@lianke/shared/dashboards/definition';
import { useTranslation } from 'react-i18next';
import { widgetTypes } from '../model/widgets.js';
import { WidgetIcon } from './widget-icons.js';

interface Props {
  onPick: (type: WidgetType) => void;
  onDrag: (type: WidgetType | undefined) => void;
}

/** 组件库: dragged onto the page, or clicked to stand in the first free place. */
export function ComponentPalette({ onPick, onDrag }: Props) {
  const { t } = useTranslation('dashboards');
  return (
    <section className="designer-palette" aria-label={t('designer.components')}>
      <div className="palette-title">{t('designer.components')}</div>
      <ul className="palette-items">
        {widgetTypes.map((type) => (
          <li key={type}>
            <button
              type="button"
              className="palette-item"
              draggable
              onClick={() => onPick(type)}
              onDragStart={(event) => {
                // Firefox starts no drag without data.
                event.dataTransfer.setData('text/plain', type);
                event.dataTransfer.effectAllowed = 'copy';
                onDrag(type);
              }}
              onDragEnd={() => onDrag(undefined)}
            >
              <WidgetIcon type={type} />
              <span>
                {t(`type.${type}`)}
                <span className="palette-item-hint">{t(`typeHint.${type}`)}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
      <div className="designer-hint" style={{ padding: '8px 4px' }}>
        {t('designer.hint')}
      </div>
    </section>
  );
}
