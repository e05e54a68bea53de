import { CopyOutlined, DeleteOutlined } from '@ant-design/icons';
import type { DashboardDefinition, WidgetType } from '@lianke/shared/dashboards/definition';
import { Button } from 'antd';
import type { KeyboardEvent, RefObject } from 'react';
import { ReactGridLayout, useContainerWidth } from 'react-grid-layout';
import { useTranslation } from 'react-i18next';
import 'react-grid-layout/css/styles.css';
import type { FormView } from '../../api/queries.js';
import { EmptyState } from '../../shared/empty-state.js';
import { columns, gap, layoutOf, type Place, rowHeight } from '../model/grid.js';
import { firstSize } from '../model/widgets.js';
import { WidgetView } from '../widgets/widget-view.js';
import { titleOf } from '../widgets/widget-words.js';
import './page-canvas.css';
import { comma } from '../../i18n/punctuation.js';
import type { usePreviews } from './use-previews.js';

interface Props {
  appId: string;
  def: DashboardDefinition;
  forms: readonly FormView[];
  previews: ReturnType<typeof usePreviews>;
  selected: string | undefined;
  dragged: WidgetType | undefined;
  onSelect: (id: string | undefined) => void;
  onLayout: (layout: ReturnType<typeof layoutOf>) => void;
  onDrop: (type: WidgetType, place: Place, layout: ReturnType<typeof layoutOf>) => void;
  onNudge: (id: string, by: Partial<Place>) => void;
  onCopy: (id: string) => void;
  onRemove: (id: string) => void;
}

const dropId = '__dropping-elem__';

/** The page being laid out: components dragged, resized, dropped in, and moved by the arrow keys. */
export function PageCanvas(props: Props) {
  const { appId, def, forms, previews, selected, dragged, onSelect, onLayout, onDrop, onNudge, onCopy, onRemove } =
    props;
  const { t } = useTranslation('dashboards');
  const { width, containerRef, mounted } = useContainerWidth();
  const size = dragged ? firstSize[dragged] : { w: 8, h: 8 };

  const onKey = (id: string, event: KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    if (event.target !== event.currentTarget) return;
    if (event.key === 'Delete' || event.key === 'Backspace') onRemove(id);
    else if (event.key === 'Enter' || event.key === ' ') onSelect(id);
    else if (step === undefined) return;
    else {
      const sideways = event.key === 'ArrowLeft' || event.key === 'ArrowRight';
      if (event.shiftKey) onNudge(id, sideways ? { w: step } : { h: step });
      else onNudge(id, sideways ? { x: step } : { y: step });
    }
    event.preventDefault();
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a click on the empty page only lets go of the selection
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape does the same
    <div
      className="page-canvas"
      onClick={(event) => {
        if (!(event.target as HTMLElement).closest('.page-item')) onSelect(undefined);
      }}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: the grid measures a div */}
      <div
        ref={containerRef as RefObject<HTMLDivElement>}
        role="region"
        aria-label={t('designer.canvas')}
        className={dragged ? 'page-grid dropping' : 'page-grid'}
      >
        {def.widgets.length === 0 && (
          <div className="page-empty">
            <EmptyState title={t('designer.drop')} hint={t('emptyPageHint')} />
          </div>
        )}
        {mounted && (
          <ReactGridLayout
            width={width}
            layout={layoutOf(def.widgets)}
            gridConfig={{ cols: columns, rowHeight, margin: [gap, gap], containerPadding: [0, 0] }}
            dragConfig={{ enabled: true, cancel: 'button, a, input', threshold: 4 }}
            resizeConfig={{ enabled: true, handles: ['se', 'e', 's'] }}
            dropConfig={{ enabled: true, defaultItem: size, onDragOver: () => (dragged ? size : false) }}
            droppingItem={{ i: dropId, x: 0, y: 0, ...size }}
            onDragStop={(layout) => onLayout(layout)}
            onResizeStop={(layout) => onLayout(layout)}
            onDrop={(layout, item) => {
              if (dragged && item) onDrop(dragged, { x: item.x, y: item.y, w: item.w, h: item.h }, layout);
            }}
          >
            {def.widgets.map((widget) => {
              const form = forms.find((item) => item.id === widget.formId);
              const title = titleOf(t, widget, form, form?.fields ?? []);
              const preview = previews.get(widget.id);
              return (
                // biome-ignore lint/a11y/useSemanticElements: a button may not hold charts and tables
                <div
                  key={widget.id}
                  role="button"
                  tabIndex={0}
                  aria-pressed={selected === widget.id}
                  aria-label={`${title}${comma()}${t(`type.${widget.type}`)}`}
                  aria-description={t('designer.keys')}
                  className={selected === widget.id ? 'page-item selected' : 'page-item'}
                  onClick={() => onSelect(widget.id)}
                  onKeyDown={(event) => onKey(widget.id, event)}
                >
                  <WidgetView
                    appId={appId}
                    widget={widget}
                    form={form}
                    data={preview?.data}
                    error={preview?.error}
                    still
                    onChange={() => onSelect(widget.id)}
                  />
                  <span className="page-tools">
                    <Button
                      size="small"
                      icon={<CopyOutlined />}
                      aria-label={t('designer.copy')}
                      onClick={(event) => {
                        event.stopPropagation();
                        onCopy(widget.id);
                      }}
                    />
                    <Button
                      size="small"
                      icon={<DeleteOutlined />}
                      aria-label={t('designer.remove')}
                      onClick={(event) => {
                        event.stopPropagation();
                        onRemove(widget.id);
                      }}
                    />
                  </span>
                </div>
              );
            })}
          </ReactGridLayout>
        )}
      </div>
    </div>
  );
}
