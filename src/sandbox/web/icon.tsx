import type { ReactElement } from 'react';

/** Paths on a 20 × 20 field, drawn as lines. */
const PATHS = {
  add: 'M10 4v12M4 10h12',
  app: 'M10 2.5 16 5v4.5c0 4-2.6 6.8-6 8-3.4-1.2-6-4-6-8V5ZM7.3 10l2 2 3.6-4',
  back: 'M12 4 6 10l6 6',
  check: 'M4.5 10.5 8.5 14.5 15.5 6',
  close: 'M5 5l10 10M15 5 5 15',
  down: 'M5 7.5l5 5 5-5',
  download: 'M10 3v9M6 8.5l4 4 4-4M4 16.5h12',
  file: 'M5.5 2.5h6l3.5 3.5v11.5h-9.5ZM11 2.5V6.5h4',
  help: 'M7.5 7.5a2.5 2.5 0 1 1 3.6 2.3c-.8.4-1.1.9-1.1 1.7M10 14.3v.2M17.5 10a7.5 7.5 0 1 1-15 0 7.5 7.5 0 0 1 15 0Z',
  home: 'M3.5 9 10 3.5 16.5 9v7.5h-4.5v-4.5H8v4.5H3.5Z',
  lock: 'M5 9h10v7.5H5ZM7 9V6.5a3 3 0 0 1 6 0V9',
  menu: 'M3.5 5.5h13M3.5 10h13M3.5 14.5h13',
  message: 'M3.5 4.5h13v9h-7L6 16.5v-3H3.5Z',
  moon: 'M16.5 11.8A7 7 0 0 1 8.2 3.5a7 7 0 1 0 8.3 8.3Z',
  more: 'M4.5 10h.01M10 10h.01M15.5 10h.01',
  people: 'M7.5 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM2 16.5c0-3 2.5-4.5 5.5-4.5s5.5 1.5 5.5 4.5M13 3.8a3 3 0 0 1 0 5.4M14.5 12.3c2.2.5 3.5 2 3.5 4.2',
  picture: 'M3 4h14v12H3ZM3 13.5l4-4 4 4 2.5-2.5 3.5 3.5M13 7.5h.01',
  reply: 'M8 5 3.5 9.5 8 14M4 9.5h7c3.5 0 5.5 2 5.5 5.5',
  send: 'M3 10 17 3.5 12.5 17 9.5 11ZM9.5 11 17 3.5',
  sun: 'M10 13.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM10 2v1.5M10 16.5V18M2 10h1.5M16.5 10H18M4.3 4.3l1.1 1.1M14.6 14.6l1.1 1.1M4.3 15.7l1.1-1.1M14.6 5.4l1.1-1.1',
  system: 'M3 4h14v9.5H3ZM7 16.5h6',
  warning: 'M10 3 18 16.5H2ZM10 8v4M10 14.2v.2',
  zap: 'M11 2.5 4.5 11.5h5L9 17.5 15.5 8.5h-5Z',
} as const;

export type IconName = keyof typeof PATHS;

interface IconProps {
  readonly name: IconName;
}

/** A decoration: whatever stands around it carries the meaning in words. */
export function Icon({ name }: IconProps): ReactElement {
  return (
    <svg className="icon" data-name={name} viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
