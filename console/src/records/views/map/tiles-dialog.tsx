import { datums } from '@lianke/shared/geo/gcj02';
import { isTileAddress, type MapTiles } from '@lianke/shared/maps/tiles';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Form, Input, InputNumber, Modal, Radio } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/client.js';
import { messageOf } from '../../../api/errors.js';

const key = ['map-tiles'] as const;

/** The company's map service; null without one, undefined while it is asked for. */
export function useMapTiles(): MapTiles | null | undefined {
  return useQuery({ queryKey: key, queryFn: () => api('maps.tiles', {}), staleTime: 300_000 }).data?.tiles;
}

const fresh: MapTiles = { url: '', attribution: '', datum: 'gcj02', maxZoom: 18 };

/** 底图设置: an administrator names the company's own map service. */
export function TilesDialog({ tiles, onClose }: { tiles: MapTiles | null; onClose: () => void }) {
  const { t } = useTranslation('records');
  const client = useQueryClient();
  const [draft, setDraft] = useState<MapTiles>(tiles ?? fresh);
  const [failure, setFailure] = useState('');
  const [busy, setBusy] = useState(false);
  const wrong = draft.url !== '' && !isTileAddress(draft.url.trim());
  const put = (change: Partial<MapTiles>) => setDraft((now) => ({ ...now, ...change }));

  async function save(next: MapTiles | null) {
    setBusy(true);
    setFailure('');
    try {
      client.setQueryData(key, await api('maps.setTiles', { body: { tiles: next } }));
      onClose();
    } catch (error) {
      setFailure(messageOf(error));
    } finally {
      setBusy(false);
    }
  }

  return (
    <Modal
      open
      width={560}
      title={t('map.tilesTitle')}
      onCancel={onClose}
      footer={[
        tiles && (
          <Button key="off" danger disabled={busy} onClick={() => void save(null)} style={{ float: 'left' }}>
            {t('map.tilesOff')}
          </Button>
        ),
        <Button key="cancel" onClick={onClose}>
          {t('common:cancel')}
        </Button>,
        <Button
          key="save"
          type="primary"
          loading={busy}
          disabled={draft.url.trim() === '' || wrong || draft.attribution.trim() === ''}
          onClick={() => void save(draft)}
        >
          {t('save')}
        </Button>,
      ]}
    >
      <Form layout="vertical">
        <p className="muted" style={{ marginBottom: 12 }}>
          {t('map.tilesHint')}
        </p>
        {failure && <Alert type="error" showIcon title={failure} style={{ marginBottom: 12 }} />}
        <Form.Item
          label={t('map.tilesUrl')}
          htmlFor="tiles-url"
          required
          {...(wrong ? { validateStatus: 'error' as const, help: t('map.tilesWrong') } : {})}
        >
          <Input
            id="tiles-url"
            autoFocus
            maxLength={500}
            value={draft.url}
            placeholder="https://maps.example.com/{z}/{x}/{y}.png"
            onChange={(event) => put({ url: event.target.value })}
          />
        </Form.Item>
        <Form.Item label={t('map.attribution')} htmlFor="tiles-by" required extra={t('map.attributionHint')}>
          <Input
            id="tiles-by"
            maxLength={200}
            value={draft.attribution}
            onChange={(event) => put({ attribution: event.target.value })}
          />
        </Form.Item>
        <Form.Item label={t('map.datum')} extra={t('map.datumHint')}>
          <Radio.Group
            aria-label={t('map.datum')}
            value={draft.datum}
            options={datums.map((datum) => ({ value: datum, label: t(`map.datums.${datum}`) }))}
            onChange={(event) => put({ datum: event.target.value as MapTiles['datum'] })}
          />
        </Form.Item>
        <Form.Item label={t('map.maxZoom')} htmlFor="tiles-zoom">
          <InputNumber<number>
            id="tiles-zoom"
            min={1}
            max={18}
            precision={0}
            value={draft.maxZoom}
            onChange={(maxZoom) => put({ maxZoom: maxZoom ?? 18 })}
          />
        </Form.Item>
      </Form>
    </Modal>
  );
}
