import type { FlowNodeType } from '@lianke/shared/flows/definition';
import { Dropdown } from 'antd';
import { useTranslation } from 'react-i18next';
import { nodeTypes } from '../model/new-node.js';
import { StepIcon } from './step-kinds.js';

interface Props {
  /** Point of the window where the menu opens; closed without one. */
  at: { x: number; y: number } | undefined;
  onPick: (type: FlowNodeType) => void;
  onClose: () => void;
}

/** The menu of steps that a ＋, an open end or a line let go over the canvas opens. */
export function StepMenu({ at, onPick, onClose }: Props) {
  const { t } = useTranslation('flows');
  if (!at) return null;
  return (
    <Dropdown
      open
      autoFocus
      trigger={['click']}
      placement="bottom"
      classNames={{ root: 'step-menu-list' }}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      menu={{
        'aria-label': t('design.addStep'),
        onClick: ({ key }) => onPick(key as FlowNodeType),
        items: nodeTypes.map((type) => ({
          key: type,
          icon: <StepIcon kind={type} />,
          label: (
            <span className="step-menu-item">
              {t(`node.${type}`)}
              <span className="palette-item-hint">{t(`nodeHint.${type}`)}</span>
            </span>
          ),
        })),
      }}
    >
      <span style={{ position: 'fixed', left: at.x, top: at.y, width: 1, height: 1 }} />
    </Dropdown>
  );
}
