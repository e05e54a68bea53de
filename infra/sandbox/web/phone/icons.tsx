import type { ReactNode } from 'react';

function icon(children: ReactNode) {
  return function Icon({ size = 20 }: { size?: number }) {
    return (
      <svg
        width={size}
        height={size}
        viewBox="0 0 24 24"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.7"
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden="true"
      >
        {children}
      </svg>
    );
  };
}

export const ScanIcon = icon(
  <path d="M4 8V5a1 1 0 0 1 1-1h3M16 4h3a1 1 0 0 1 1 1v3M20 16v3a1 1 0 0 1-1 1h-3M8 20H5a1 1 0 0 1-1-1v-3M4 12h16" />,
);
export const ChatIcon = icon(
  <path d="M5 5h14a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1h-6l-4 4v-4H5a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1z" />,
);
export const PeopleIcon = icon(
  <path d="M9 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM3 19c0-3 2.5-5 6-5s6 2 6 5M16 5.5a3 3 0 0 1 0 5M17 14c2.5.4 4 2.2 4 5" />,
);
export const SidebarIcon = icon(<path d="M4 5h16v14H4zM14.500 5v14M17 9h.5M17 12h.5" />);
export const GridIcon = icon(<path d="M5 5h5v5H5zM14 5h5v5h-5zM5 14h5v5H5zM14 14h5v5h-5z" />);
export const PersonIcon = icon(
  <path d="M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20c.8-3.5 3.7-5.5 7.5-5.5s6.7 2 7.5 5.5" />,
);
export const BackIcon = icon(<path d="M14.5 5 8 12l6.5 7" />);
export const CloseIcon = icon(<path d="M6 6l12 12M18 6 6 18" />);
export const ReloadIcon = icon(<path d="M19 12a7 7 0 1 1-2.3-5.2M19 4v4h-4" />);
export const RightIcon = icon(<path d="m9.5 6 5.5 6-5.5 6" />);
export const WifiIcon = icon(
  <path d="M3 9.5a13 13 0 0 1 18 0M6.3 13a8.5 8.5 0 0 1 11.4 0M9.5 16.3a4 4 0 0 1 5 0M12 19.5h.01" />,
);
export const WifiOffIcon = icon(
  <path d="M4 4l16 16M3 9.5a13 13 0 0 1 5-2.9M12.5 6.1A13 13 0 0 1 21 9.5M6.3 13a8.5 8.5 0 0 1 4-2.1M9.5 16.3a4 4 0 0 1 5 0M12 19.5h.01" />,
);
export const PlaceIcon = icon(
  <path d="M12 21s-6.5-5.8-6.5-11a6.5 6.5 0 0 1 13 0c0 5.2-6.5 11-6.5 11zM12 12.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4z" />,
);
export const PlaceOffIcon = icon(
  <path d="M4 4l16 16M17 14.5c.9-1.5 1.5-3 1.5-4.5A6.5 6.5 0 0 0 8 4.9M5.6 9C5 14.7 12 21 12 21a23 23 0 0 0 3-3.2" />,
);
export const CheckIcon = icon(<path d="m5 12.5 4.5 4.5L19 7.5" />);
export const TodoIcon = icon(<path d="M5 5h14v14H5zM8.5 12l2.5 2.5 4.5-5" />);
export const CodeIcon = icon(<path d="m8.5 7-5 5 5 5M15.5 7l5 5-5 5" />);
