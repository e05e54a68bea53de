import {
  ArrowDownOutlined,
  ArrowUpOutlined,
  CopyOutlined,
  DeleteOutlined,
  ExpandOutlined,
  PlusOutlined,
} from '@ant-design/icons';
import { Button, Tooltip } from 'antd';
import { useTranslation } from 'react-i18next';
import styles from './subform.module.css';

interface Props {
  /** No further row may be added. */
  full: boolean;
  /** Rows are picked. */
  some: boolean;
  undoable: boolean;
  onAdd: () => void;
  onCopy: () => void;
  onShift: (step: -1 | 1) => void;
  onOpen: () => void;
  onDelete: () => void;
  onUndo: () => void;
}

/** The buttons below a subform's rows; those for picked rows appear with them. */
export function RowTools({ full, some, undoable, onAdd, onCopy, onShift, onOpen, onDelete, onUndo }: Props) {
  const { t } = useTranslation('fields');
  return (
    <div className={styles.tools}>
      <Button size="small" icon={<PlusOutlined />} disabled={full} onClick={onAdd}>
        {t('addRow')}
      </Button>
      {some && (
        <>
          <Button size="small" icon={<CopyOutlined />} onClick={onCopy}>
            {t('copyRows')}
          </Button>
          <Tooltip title={t('rowsUp')}>
            <Button size="small" icon={<ArrowUpOutlined />} aria-label={t('rowsUp')} onClick={() => onShift(-1)} />
          </Tooltip>
          <Tooltip title={t('rowsDown')}>
            <Button size="small" icon={<ArrowDownOutlined />} aria-label={t('rowsDown')} onClick={() => onShift(1)} />
          </Tooltip>
          <Button size="small" icon={<ExpandOutlined />} onClick={onOpen}>
            {t('openRow')}
          </Button>
          <Button size="small" danger icon={<DeleteOutlined />} onClick={onDelete}>
            {t('deleteRows')}
          </Button>
        </>
      )}
      {undoable && (
        <Button size="small" type="text" onClick={onUndo}>
          {t('common:undo')}
        </Button>
      )}
    </div>
  );
}
