/** A field as far as it matters whether it stands open at first. */
interface Folded {
  readonly id: string;
  readonly rules: { readonly required?: boolean | undefined };
}

/** So many fields stand open at first; required ones always do. */
const openAtFirst = 5;

/**
 * The fields of a phone's page: required ones and the title first, then the next ones of the layout; the others wait
 * behind 「更多 14 项」.
 * @param quick ids of the form's short form: then exactly these and the required ones stand open, in the layout's order
 */
export function splitFields<Field extends Folded>(
  ordered: readonly Field[],
  titleId: string | undefined,
  quick: readonly string[] = [],
): { first: Field[]; more: Field[] } {
  if (quick.length > 0) {
    const open = (field: Field) => field.rules.required === true || quick.includes(field.id);
    return { first: ordered.filter(open), more: ordered.filter((field) => !open(field)) };
  }
  const matters = (field: Field) => field.rules.required === true || field.id === titleId;
  const needed = ordered.filter(matters);
  const others = ordered.filter((field) => !matters(field));
  const room = Math.max(0, openAtFirst - needed.length);
  // Two or three further fields are no reason for another tap.
  const shown = others.length - room <= 3 ? others.length : room;
  return { first: [...needed, ...others.slice(0, shown)], more: others.slice(shown) };
}
