/** A company's own map service for map views; see `shared/src/maps/tiles.ts`. */
export const migration = {
  name: '0440-map-tiles',
  sql: 'ALTER TABLE lianke.tenant ADD COLUMN map_tiles jsonb;',
};
