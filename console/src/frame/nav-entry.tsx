import type { ReactNode } from 'react';
import { NavLink, useLocation } from 'react-router-dom';
import styles from './frame.module.css';

/** One line of the left navigation, with its tools on hover and focus. */
export function NavEntry({ to, icon, name, tools }: { to: string; icon: ReactNode; name: string; tools?: ReactNode }) {
  const { pathname } = useLocation();
  const active = pathname === to || pathname.startsWith(`${to}/`);
  return (
    <div className={active ? `${styles.item} ${styles.itemActive}` : styles.item}>
      <NavLink to={to} title={name} draggable={false}>
        <span aria-hidden>{icon}</span>
        <span className="ellipsis">{name}</span>
      </NavLink>
      {tools && <span className={styles.itemTools}>{tools}</span>}
    </div>
  );
}
