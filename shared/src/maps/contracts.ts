import type { Contract } from '../api/contract.js';
import type { RouteName } from '../api/routes.js';
import { mapTilesSetting } from './tiles.js';

/** Routes of a company's own map. */
export const mapContracts = {
  'maps.tiles': { tag: 'records', summary: '企业自己的地图底图', answer: mapTilesSetting },
  'maps.setTiles': {
    tag: 'records',
    summary: '设置地图底图；tiles 为 null 时不用底图',
    body: mapTilesSetting,
    answer: mapTilesSetting,
  },
} as const satisfies Partial<Record<RouteName, Contract>>;
