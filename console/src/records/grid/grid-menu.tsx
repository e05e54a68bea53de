import { Dropdown } from 'antd';
import type { MouseEvent, ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { cellAt } from './cell-at.js';
import type { Block, Cell } from './use-cells.js';

interface Props {
  /** The chosen cells; undefined while none is. */
  block: Block | undefined;
  onChoose: (cell: Cell) => void;
  /** Absent where cells cannot be edited now. */
  onFill: (() => void) | undefined;
  onCopy: () => void;
  children: ReactElement<{ onContextMenuCapture?: (event: MouseEvent) => void }>;
}

/** The right button over the table's cells: 复制 and 向下填充. Links and what is being edited keep the browser's own menu. */
export function GridMenu({ block, onChoose, onFill, onCopy, children }: Props) {
  const { t } = useTranslation('records');
  return (
    <Dropdown
      trigger={['contextMenu']}
      menu={{
        items: [
          { key: 'copy', label: t('copyCells'), extra: 'Ctrl+C' },
          { key: 'fill', label: t('fillDown'), extra: 'Ctrl+D', disabled: !onFill },
        ],
        onClick: ({ key, domEvent }) => {
          domEvent.stopPropagation();
          if (key === 'copy') onCopy();
          else onFill?.();
        },
      }}
    >
      <div
        style={{ display: 'contents' }}
        onContextMenuCapture={(event) => {
          const own = (event.target as Element).closest('a, input, textarea:not([data-proxy]), [role=columnheader]');
          const cell = cellAt(event.target);
          if (own || (!cell && !block)) return event.stopPropagation();
          const within =
            cell &&
            block &&
            cell.row >= block.top &&
            cell.row <= block.bottom &&
            cell.col >= block.left &&
            cell.col <= block.right;
          if (cell && !within) onChoose(cell);
        }}
      >
        {children}
      </div>
    </Dropdown>
  );
}
