import type { ReactNode } from 'react';

/**
 * Rows under each other. Outlook for Windows keeps the padding of a table's cells only, and a client that drops the
 * style sheet still sets the rows apart by `cellPadding`.
 */
export function Table({ className, children }: { className: string; children: ReactNode }) {
  return (
    <table role="presentation" className={className} width="100%" cellPadding="6" cellSpacing="0">
      <tbody>{children}</tbody>
    </table>
  );
}
