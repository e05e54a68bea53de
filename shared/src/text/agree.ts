const place = /‹([^‹|›]*)\|([^‹|›]*)›/g;
const lastNumber = /(\d[\d,]*(?:\.\d+)?)(\+?)[^\d]*$/;

/**
 * English words that follow a number's: of each `‹record|records›` in a text whose places are filled in, what agrees
 * with the number before it: the first after exactly 1, otherwise the second, also where no number stands before.
 * `1 ‹record|records› ‹is|are› kept` → `1 record is kept`; `1+` and `1.5` are more than one.
 */
export function agree(text: string): string {
  if (!text.includes('‹')) return text;
  return text.replace(place, (_, one: string, many: string, at: number) => {
    const [, number, more] = lastNumber.exec(text.slice(0, at)) ?? [];
    return number === '1' && more === '' ? one : many;
  });
}
