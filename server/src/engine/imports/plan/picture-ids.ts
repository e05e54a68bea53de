import type { FileId } from '@lianke/shared/ids';
import type { Workbook } from '../workbook/workbook.js';
import type { RowIds } from './row-ids.js';

/** No target has this key. */
const key = 'pictures of the file';

/** The ids that pictures of a file have once they are stored, by their names; the same at every try. */
export function pictureIds(ids: RowIds, workbook: Pick<Workbook, 'pictures'>): (name: string) => FileId | undefined {
  const places = new Map((workbook.pictures ?? []).map(({ name }, place) => [name, place]));
  return (name) => {
    const place = places.get(name);
    return place === undefined ? undefined : (ids.of(key, place) as string as FileId);
  };
}
