import type { DashboardDefinition, Widget } from '@lianke/shared/dashboards/definition';
import { type Layout, verticalCompactor } from 'react-grid-layout/core';

/** The page's grid: 24 columns, one row each 40 px with the gap to the next. */
export const columns = 24;
export const gap = 12;
export const rowHeight = 40 - gap;

export type Place = Widget['place'];

/** Widgets as the grid library lays them out. */
export function layoutOf(widgets: readonly Widget[]): Layout {
  return widgets.map(({ id, place }) => ({ i: id, ...place, minW: 2, minH: 2, maxH: 40 }));
}

/** Takes over the places of a layout; a widget that it does not name keeps its own. */
export function withLayout(def: DashboardDefinition, layout: Layout): DashboardDefinition {
  const widgets = def.widgets.map((widget) => {
    const item = layout.find((entry) => entry.i === widget.id);
    if (!item) return widget;
    const place = { x: item.x, y: item.y, w: item.w, h: item.h };
    return same(place, widget.place) ? widget : { ...widget, place };
  });
  return widgets.every((widget, index) => widget === def.widgets[index]) ? def : { ...def, widgets };
}

/** Moves everything up as far as it goes, so that what is stored is what every page shows. */
export function compacted(def: DashboardDefinition): DashboardDefinition {
  return withLayout(def, verticalCompactor.compact(layoutOf(def.widgets), columns));
}

const same = (a: Place, b: Place): boolean => a.x === b.x && a.y === b.y && a.w === b.w && a.h === b.h;

const overlaps = (a: Place, b: Place): boolean =>
  a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

/** The first free place for a size, row by row from the top left. */
export function freePlace(widgets: readonly Widget[], w: number, h: number): Place {
  const bottom = Math.max(0, ...widgets.map(({ place }) => place.y + place.h));
  for (let y = 0; y < bottom; y++) {
    for (let x = 0; x + w <= columns; x++) {
      const place = { x, y, w, h };
      // A gap that things above could still rise into is no place to land: it would not stay free.
      const supported = y === 0 || widgets.some((item) => overlaps({ ...place, y: y - 1, h: 1 }, item.place));
      if (supported && !widgets.some((item) => overlaps(place, item.place))) return place;
    }
  }
  return { x: 0, y: bottom, w, h };
}

/** Widgets from top to bottom, those of one height from left to right. */
export function inReadingOrder<Placed extends { place: { x: number; y: number } }>(
  widgets: readonly Placed[],
): Placed[] {
  return [...widgets].sort((a, b) => a.place.y - b.place.y || a.place.x - b.place.x);
}
