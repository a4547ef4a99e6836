'use client';

import dynamic from 'next/dynamic';

// React gives functions, objects and handlers to what the browser renders, not to the server's HTML.
const Verify = dynamic(() => import('./verify'), { ssr: false });

export default function Resolver() {
  return (
    <main>
      <h1>Resolver</h1>
      <Verify />
    </main>
  );
}
