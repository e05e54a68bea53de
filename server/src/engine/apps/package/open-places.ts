/**
 * Places of people that a package left open and nobody has filled: ids of nobody, so whatever needs a person says that he is
 * missing, and the place is found again when the app is upgraded. `m1` is the first member, `d1` the first department.
 */
const openPlace = /^00000000-0000-4000-(8|9)000-([0-9a-f]{12})$/;

export function isOpenPlace(id: string): boolean {
  return openPlace.test(id);
}

export function openPlaceOf(kind: 'member' | 'department', number: number): string {
  return `00000000-0000-4000-${kind === 'member' ? '8' : '9'}000-${number.toString(16).padStart(12, '0')}`;
}

/** `member:m1` of such an id; undefined for any other. */
export function nameOfOpenPlace(id: string): string | undefined {
  const found = openPlace.exec(id);
  if (!found) return undefined;
  return `${found[1] === '8' ? 'member:m' : 'department:d'}${Number.parseInt(found[2] ?? '0', 16)}`;
}
