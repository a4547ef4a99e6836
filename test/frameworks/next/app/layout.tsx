import type {} from 'didit-verify/react';
import type { Metadata } from 'next';
import Link from 'next/link';

export const metadata: Metadata = { title: 'Next.js' };

export default function RootLayout({ children }: LayoutProps<'/'>) {
  return (
    <html lang="en">
      <head>
        <link rel="icon" href="data:," />
      </head>
      <body>
        <nav>
          <Link href="/">Home</Link> <Link href="/client">Client</Link>{' '}
          <Link href="/resolver">Resolver</Link>
        </nav>
        {children}
      </body>
    </html>
  );
}
