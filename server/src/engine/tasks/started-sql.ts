/** Runs that asked somebody, with their tasks summed up; `more` adds columns, WHERE and ORDER follow it. */
export function startedSql(more = ''): string {
  return `SELECT r.id, r.state, r.started_at, r.finished_at, r.withdrawal, r.urged_at, f.name AS flow_name, t.task_id, t.title, t.title_en, t.node, t.told_to,
      t.waiting, t.decided, t.returned, s.outcome${more}
    FROM lianke.run r LEFT JOIN lianke.flow f ON f.tenant_id = r.tenant_id AND f.id = r.flow_id
    CROSS JOIN LATERAL (
      SELECT (array_agg(id ORDER BY state = 'pending' DESC, created_at DESC, id))[1] AS task_id,
        (array_agg(title ORDER BY created_at DESC, id))[1] AS title,
        (array_agg(title_en ORDER BY created_at DESC, id))[1] AS title_en,
        (array_agg(node ORDER BY created_at DESC, id))[1] AS node,
        (array_agg(member_id ORDER BY created_at DESC, id))[1] AS told_to,
        coalesce(array_agg(member_id ORDER BY position, id) FILTER (WHERE state = 'pending'), '{}') AS waiting,
        coalesce(bool_or(state IN ('approved','rejected') AND NOT undone AND auto IS NULL AND kind <> 'advise'), false) AS decided,
        coalesce(bool_or(state = 'pending' AND kind = 'resubmit'), false) AS returned
      FROM lianke.task WHERE tenant_id = r.tenant_id AND run_id = r.id) t
    LEFT JOIN LATERAL (
      SELECT output->>'outcome' AS outcome FROM lianke.step
      WHERE tenant_id = r.tenant_id AND run_id = r.id AND type = 'approval' AND state = 'done' AND NOT undone ORDER BY finished_at DESC LIMIT 1) s ON true`;
}

/** The state of a run of `startedSql` as its starter reads it; the same as `startedRun` tells. */
export const stateSql = `(CASE WHEN r.withdrawal IS NOT NULL THEN 'withdrawn'
  WHEN r.state IN ('ready','waiting','calling') THEN CASE WHEN t.returned THEN 'returned' ELSE 'open' END
  WHEN r.state = 'failed' THEN 'failed'
  WHEN r.state = 'done' AND s.outcome IN ('approved','rejected') THEN s.outcome ELSE 'ended' END)`;
