import { useState } from 'react';
import { useSearchParams } from 'react-router';

export function Events() {
  const [query] = useSearchParams();
  const [lines, setLines] = useState<readonly string[]>([]);
  const add = (...words: unknown[]) => setLines((before) => [...before, words.join(' ')]);

  return (
    <>
      <h1>Events</h1>
      <didit-verify
        resolver-url={query.get('to') ?? '/api/didit/session'}
        allowed-hosts="127.0.0.1"
        presentation={query.get('presentation') === 'dialog' ? 'dialog' : 'inline'}
        name="verification"
        onsession-created={({ type, detail }) => add(type, detail.reason)}
        onstatus-changed={({ type, detail }) => add(type, detail.previousState, detail.state)}
        onsession-completed={({ type, detail }) => add(type, detail.state)}
        onsession-expired={({ type, detail }) => add(type, detail.willRefresh)}
        onerror={({ type, detail }) => add(type, detail.code)}
        onChange={({ type }) => add(type)}
        onclose={({ type }) => add(type)}
      />
      <ol>
        {lines.map((line, index) => (
          <li key={index}>{line}</li>
        ))}
      </ol>
    </>
  );
}
