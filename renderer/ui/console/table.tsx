// A dense table whose head stays while the rows move. A row that opens something is one target, for a finger and for the keyboard.

import type { ReactNode, Ref } from 'react';
import styles from './table.module.css';

export type Column<Row> = {
  key: string;
  title: string;
  render: (row: Row) => ReactNode;
  /** Letters of one width, for bytes; or a button only. */
  look?: 'mono' | 'act';
  /** Holds sentences: wraps, and shares what the others leave. The others never wrap. */
  isWide?: boolean;
};

export type TableProps<Row> = {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string | number;
  /** Said instead of rows. */
  empty: string;
  /** Opens a row: its first cell becomes the button for it. */
  onOpen?: (row: Row) => void;
  scrollRef?: Ref<HTMLDivElement>;
};

export const Table = <Row,>({ label, columns, rows, keyOf, empty, onOpen, scrollRef }: TableProps<Row>) => (
  <div className={styles['frame']} ref={scrollRef}>
    <table className={styles['table']} aria-label={label}>
      <thead>
        <tr>
          {columns.map(({ key, title, look, isWide }) => (
            <th key={key} scope="col" data-look={look} data-wide={isWide || undefined}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)} data-opens={onOpen === undefined ? undefined : true}>
            {columns.map(({ key, render, look, isWide }, place) => (
              <td key={key} data-look={look} data-wide={isWide || undefined}>
                {place === 0 && onOpen !== undefined ? (
                  <button type="button" className={styles['open']} onClick={() => onOpen(row)}>
                    {render(row)}
                  </button>
                ) : (
                  render(row)
                )}
              </td>
            ))}
          </tr>
        ))}
        {rows.length === 0 && (
          <tr>
            <td className={styles['empty']} colSpan={columns.length}>
              {empty}
            </td>
          </tr>
        )}
      </tbody>
    </table>
  </div>
);
