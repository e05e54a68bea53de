import type { TargetFigure } from '@lianke/shared/targets/api';
import { useQuery } from '@tanstack/react-query';
import { Progress } from 'antd';
import { Link } from 'react-router-dom';
import { api } from '../api/client.js';
import { useForms, useMe } from '../api/queries.js';
import { useText } from './i18n.js';
import styles from './targets.module.css';

/** Figures against target on the workbench; nothing for who has none. */
export function MyTargets() {
  const text = useText();
  const me = useMe();
  const forms = useForms();
  const { data } = useQuery({
    queryKey: ['targets', 'mine'],
    queryFn: async () => (await api('targets.mine', {})).items,
  });
  if (!data || data.length === 0) return null;
  const pathOf = (figure: TargetFigure) => {
    const form = forms.data?.find((item) => item.id === figure.formId);
    const filter = encodeURIComponent(JSON.stringify(figure.drill));
    return form ? `/apps/${form.appId}/forms/${form.id}?filter=${filter}` : '/';
  };
  return (
    <section>
      <h2 style={{ fontSize: 16, marginBottom: 12 }}>{text('mine')}</h2>
      <div className={styles.cards}>
        {data.map((figure) => (
          <Link key={`${figure.id}/${figure.subject.id}`} to={pathOf(figure)} className={styles.card}>
            <span className={styles.line}>
              <span className="ellipsis">
                {figure.name}
                {figure.subject.id !== me.data?.member.id && ` · ${figure.subject.label}`}
              </span>
              <span className="muted">{leftText(text, figure)}</span>
            </span>
            <span className={styles.line}>
              <strong className="tabular">
                {shown(figure.actual)}
                {figure.unit && <small> {figure.unit}</small>}
              </strong>
              <span className="muted tabular">
                {text('of', { target: shown(figure.target) })}
                {figure.percent !== null && ` · ${figure.percent}%`}
              </span>
            </span>
            <Progress
              size="small"
              showInfo={false}
              percent={Math.min(100, figure.percent ?? 100)}
              {...((figure.percent ?? 100) >= 100 ? { status: 'success' as const } : {})}
            />
          </Link>
        ))}
      </div>
    </section>
  );
}

function leftText(text: ReturnType<typeof useText>, { percent, daysLeft }: TargetFigure): string {
  if (percent !== null && percent >= 100) return text('done');
  return daysLeft === 1 ? text('last') : text('left', { n: daysLeft });
}

/** An exact decimal in groups of three. */
function shown(amount: string): string {
  return Number(amount).toLocaleString(undefined, { maximumFractionDigits: 2 });
}
