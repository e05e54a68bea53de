/** A short amount: its number with what shortens it in the reader's language, and the key of the unit behind it. */
export interface CompactAmount {
  /** 「36」 of 36 万元; `360K` in English. At most two digits after the point. */
  number: string;
  unit: 'yuan' | 'wan' | 'yi';
}

interface Step {
  from: number;
  by: number;
  unit: CompactAmount['unit'];
  mark: string;
}

const full: Step = { from: 0, by: 1, unit: 'yuan', mark: '' };
/** From the smallest to the largest; both languages shorten from ten thousand on. */
const steps: Record<'zh' | 'en', readonly Step[]> = {
  zh: [full, { from: 1e4, by: 1e4, unit: 'wan', mark: '' }, { from: 1e8, by: 1e8, unit: 'yi', mark: '' }],
  en: [
    full,
    { from: 1e4, by: 1e3, unit: 'yuan', mark: 'K' },
    { from: 1e6, by: 1e6, unit: 'yuan', mark: 'M' },
    { from: 1e9, by: 1e9, unit: 'yuan', mark: 'B' },
  ],
};

const rounded = (value: number): number => Math.round(value * 100) / 100;

/**
 * An amount of yuan as charts and figures show it: 9,800 元, 36 万元, 1.25 亿元; in English 9,800 CNY, 360K CNY, 1.2M CNY.
 * What rounds up to the next step is shown in that one: 99,999,999 is 1 亿元 and not 10,000 万元.
 * @param value in yuan; what is no number counts as 0
 */
export function compactAmount(value: number, language: 'zh' | 'en'): CompactAmount {
  const amount = Number.isFinite(value) ? value : 0;
  const size = Math.abs(amount);
  const fits = ({ from }: Step, at: number, all: readonly Step[]) => {
    const before = all[at - 1];
    return (
      size >= from || (before !== undefined && size >= before.from && rounded(size / before.by) * before.by >= from)
    );
  };
  const step = steps[language].filter(fits).at(-1) ?? full;
  return { number: `${grouped(rounded(amount / step.by))}${step.mark}`, unit: step.unit };
}

/** Thousands set apart; hosts of mini-programs do not all know `toLocaleString`'s options. */
function grouped(value: number): string {
  const [whole = '0', fraction] = Math.abs(value).toFixed(2).split('.');
  const kept = (fraction ?? '').replace(/0+$/, '');
  const text = `${whole.replace(/\B(?=(\d{3})+$)/g, ',')}${kept ? `.${kept}` : ''}`;
  return value < 0 ? `-${text}` : text;
}
